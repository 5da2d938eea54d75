package io.farandole.bench.peers.seata;

import io.seata.rm.tcc.api.BusinessActionContext;
import io.seata.rm.tcc.api.BusinessActionContextParameter;
import io.seata.rm.tcc.api.LocalTCC;
import io.seata.rm.tcc.api.TwoPhaseBusinessAction;

/** What the payment does in a global transaction: authorise; then capture or void. Public, for Seata calls it by reflection. */
@LocalTCC
public interface PaymentAction {

    /** The action's name. */
    String NAME = "payment";

    /** Asks the provider; false if it declines. */
    @TwoPhaseBusinessAction(name = NAME, commitMethod = "capture", rollbackMethod = "voidCharge", useTCCFence = true)
    boolean authorise(
            BusinessActionContext context,
            @BusinessActionContextParameter("orderId") String orderId,
            long amountMinor,
            String token);

    /** The money is captured. */
    boolean capture(BusinessActionContext context);

    /** What was authorised is void. */
    boolean voidCharge(BusinessActionContext context);
}
