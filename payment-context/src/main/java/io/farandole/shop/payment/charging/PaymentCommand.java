package io.farandole.shop.payment.charging;

import io.farandole.shop.kernel.Money;
import io.farandole.shop.payment.gateway.GatewayAnswer;
import java.util.List;
import org.axonframework.modelling.command.TargetAggregateIdentifier;

/** What a payment can be told: what the other contexts announced, and what the provider answered. Each can come twice. */
sealed interface PaymentCommand {

    /** The payment that it is for. */
    String orderId();

    /** What follows from it; empty if it changes nothing. */
    List<PaymentEvent> decide(PaymentState state);

    /** The amount to charge is known. Answers whether the collection is open. */
    record RequestCharge(@TargetAggregateIdentifier String orderId, Money amount) implements PaymentCommand {
        @Override
        public List<PaymentEvent> decide(PaymentState state) {
            return CollectionDecisions.request(state, orderId, amount);
        }
    }

    /** A caller asks for it by itself. Answers whether that began it: then the provider is to be asked. */
    record OrderCharge(@TargetAggregateIdentifier String orderId, Money amount) implements PaymentCommand {
        @Override
        public List<PaymentEvent> decide(PaymentState state) {
            return CollectionDecisions.order(state, orderId, amount);
        }
    }

    /** The stock is reserved. Answers whether the collection is open. */
    record SecureStock(@TargetAggregateIdentifier String orderId) implements PaymentCommand {
        @Override
        public List<PaymentEvent> decide(PaymentState state) {
            return CollectionDecisions.secureStock(state, orderId);
        }
    }

    /** The order is confirmed: the amount is to be taken. Answers whether the collection is open. */
    record ConfirmCharge(@TargetAggregateIdentifier String orderId) implements PaymentCommand {
        @Override
        public List<PaymentEvent> decide(PaymentState state) {
            return CollectionDecisions.confirm(state, orderId);
        }
    }

    /** The order is cancelled: whatever was done for it is to be undone. Answers whether that is still to be awaited. */
    record CancelCharge(@TargetAggregateIdentifier String orderId) implements PaymentCommand {
        @Override
        public List<PaymentEvent> decide(PaymentState state) {
            return SettlementDecisions.cancel(state, orderId);
        }
    }

    /** The order comes back: what was taken is to be paid back. Answers whether that is still to be awaited. */
    record ReturnCharge(@TargetAggregateIdentifier String orderId, String returnId, Money refund)
            implements PaymentCommand {
        @Override
        public List<PaymentEvent> decide(PaymentState state) {
            return SettlementDecisions.takeBack(state, orderId, returnId, refund);
        }
    }

    /** The provider's answer to an authorisation. */
    record RecordAuthorization(@TargetAggregateIdentifier String orderId, GatewayAnswer answer)
            implements PaymentCommand {
        @Override
        public List<PaymentEvent> decide(PaymentState state) {
            return CollectionDecisions.authorization(state, orderId, answer);
        }
    }

    /** The provider's answer to a capture. */
    record RecordCapture(@TargetAggregateIdentifier String orderId, GatewayAnswer answer) implements PaymentCommand {
        @Override
        public List<PaymentEvent> decide(PaymentState state) {
            return CollectionDecisions.capture(state, orderId, answer);
        }
    }

    /** The provider's answer to a void. */
    record RecordVoid(@TargetAggregateIdentifier String orderId, GatewayAnswer answer) implements PaymentCommand {
        @Override
        public List<PaymentEvent> decide(PaymentState state) {
            return SettlementDecisions.voided(state, orderId, answer);
        }
    }

    /** The provider's answer to a refund. */
    record RecordRefund(@TargetAggregateIdentifier String orderId, GatewayAnswer answer) implements PaymentCommand {
        @Override
        public List<PaymentEvent> decide(PaymentState state) {
            return SettlementDecisions.refunded(state, orderId, answer);
        }
    }
}
