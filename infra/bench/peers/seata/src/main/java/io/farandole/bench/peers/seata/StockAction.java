package io.farandole.bench.peers.seata;

import io.seata.rm.tcc.api.BusinessActionContext;
import io.seata.rm.tcc.api.BusinessActionContextParameter;
import io.seata.rm.tcc.api.LocalTCC;
import io.seata.rm.tcc.api.TwoPhaseBusinessAction;

/** What the stock does in a global transaction: reserve; then sell or release. Public, for Seata calls it by reflection. */
@LocalTCC
public interface StockAction {

    /** The action's name. */
    String NAME = "stock";

    /** Holds pieces for the order; false if there are too few. */
    @TwoPhaseBusinessAction(name = NAME, commitMethod = "sell", rollbackMethod = "release", useTCCFence = true)
    boolean reserve(
            BusinessActionContext context,
            @BusinessActionContextParameter("orderId") String orderId,
            String productId,
            int quantity);

    /** The pieces are sold. */
    boolean sell(BusinessActionContext context);

    /** The pieces are back on the shelf. */
    boolean release(BusinessActionContext context);
}
