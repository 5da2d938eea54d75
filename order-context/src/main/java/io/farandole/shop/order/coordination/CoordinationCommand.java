package io.farandole.shop.order.coordination;

import io.farandole.shop.kernel.Money;
import io.farandole.shop.order.ordering.Line;
import java.util.List;
import org.axonframework.modelling.command.TargetAggregateIdentifier;

/** What can be asked of an order that is conducted. Except for the first, each may come twice, too late or in vain. */
public sealed interface CoordinationCommand {

    /** The order that is meant. */
    String orderId();

    /**
     * Takes an order.
     *
     * @param paymentToken how the customer pays; a secret
     * @param lines one or more, all in one currency
     */
    record BeginCoordination(
            @TargetAggregateIdentifier String orderId, String customerId, String paymentToken, List<Line> lines)
            implements CoordinationCommand {
        public BeginCoordination {
            lines = List.copyOf(lines);
        }

        Money total() {
            return lines.stream()
                    .map(Line::price)
                    .reduce(Money::plus)
                    .orElseThrow(() -> new IllegalArgumentException("An order has at least one line"));
        }

        /** Leaves the token out: it is a secret. */
        @Override
        public String toString() {
            return "BeginCoordination[orderId=" + orderId + ", " + lines.size() + " lines]";
        }
    }

    /** A participant has answered, or its time is over. */
    record RecordAnswer(@TargetAggregateIdentifier String orderId, CoordinationStep step, ParticipantAnswer answer)
            implements CoordinationCommand {}

    /** A person gives it up. Answers whether that is possible: not once it is paid, for then it is to be sold. */
    record AbandonOrder(@TargetAggregateIdentifier String orderId, String reason) implements CoordinationCommand {}

    /** Whatever was done is undone. */
    record SettleCoordination(@TargetAggregateIdentifier String orderId) implements CoordinationCommand {}
}
