package io.farandole.shop.order.coordination;

import io.farandole.shop.kernel.Money;
import io.farandole.shop.order.ordering.Line;
import java.util.List;

/** What happened to an order that is conducted: private to the context, none of it is published. */
public sealed interface CoordinationEvent {

    /** The order; also the reservation's id at stock, and the charge's at payment. */
    String orderId();

    /**
     * It was taken.
     *
     * @param paymentToken how the customer pays; a secret
     */
    record CoordinationBegun(String orderId, String customerId, List<Line> lines, Money total, String paymentToken)
            implements CoordinationEvent {
        public CoordinationBegun {
            lines = List.copyOf(lines);
        }

        /** Leaves the token out: it is a secret. */
        @Override
        public String toString() {
            return "CoordinationBegun[orderId=" + orderId + ", total=" + total + "]";
        }
    }

    /** Stock holds the goods. */
    record GoodsHeld(String orderId) implements CoordinationEvent {}

    /** Stock does not, and will not. */
    record GoodsRefused(String orderId, String reason) implements CoordinationEvent {}

    /** Payment has taken the amount. */
    record ChargeTaken(String orderId) implements CoordinationEvent {}

    /** Payment has not, and will not. */
    record ChargeRefused(String orderId, String reason) implements CoordinationEvent {}

    /** Stock has sold what it held: the order is a sale. */
    record GoodsSold(String orderId) implements CoordinationEvent {}

    /** Stock cannot, for it holds nothing any more. */
    record SaleRefused(String orderId, String reason) implements CoordinationEvent {}

    /** A participant gave no answer within the step's time limit: it may have done it or not. */
    record StepUnanswered(String orderId, CoordinationStep step) implements CoordinationEvent {}

    /** A person gave it up. */
    record OrderAbandoned(String orderId, String reason) implements CoordinationEvent {}

    /** Stock holds nothing for it, nor will it. */
    record GoodsLetGo(String orderId) implements CoordinationEvent {}

    /** Stock refused to let go, or gave no answer. */
    record ReleaseFailed(String orderId, String reason) implements CoordinationEvent {}

    /** Payment has paid back what it took, and will take nothing. */
    record ChargeUndone(String orderId) implements CoordinationEvent {}

    /** Payment refused to pay back, or gave no answer. */
    record RefundFailed(String orderId, String reason) implements CoordinationEvent {}

    /** Whatever was done for a cancelled order is undone. */
    record CoordinationSettled(String orderId) implements CoordinationEvent {}
}
