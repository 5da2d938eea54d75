package io.farandole.bench.peers.seata;

import io.seata.rm.tcc.api.BusinessActionContext;
import io.seata.rm.tcc.api.BusinessActionContextParameter;
import io.seata.rm.tcc.api.LocalTCC;
import io.seata.rm.tcc.api.TwoPhaseBusinessAction;

/** What the order does in a global transaction: place; then confirm or cancel. Public, for Seata calls it by reflection. */
@LocalTCC
public interface OrderAction {

    /** The action's name. */
    String NAME = "order";

    /** Notes the order; true, always. */
    @TwoPhaseBusinessAction(name = NAME, commitMethod = "confirm", rollbackMethod = "cancel", useTCCFence = true)
    boolean place(
            BusinessActionContext context,
            @BusinessActionContextParameter("orderId") String orderId,
            String customerId,
            String productId);

    /** The order is confirmed. */
    boolean confirm(BusinessActionContext context);

    /** The order is cancelled. */
    boolean cancel(BusinessActionContext context);
}
