package io.farandole.shop.order.ordering;

import io.farandole.messaging.Personal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.jspecify.annotations.Nullable;

/**
 * What can be asked of an order. Except for {@link PlaceOrder}, each may come twice, too late or in vain: then it changes
 * nothing, and is no error.
 */
public sealed interface OrderCommand {

    /** The order that is meant. */
    String orderId();

    /**
     * Takes an order.
     *
     * @param paymentToken how the customer pays; a secret
     * @param lines one or more, all in one currency
     * @param deliverTo name and address; null if nothing is said of it
     * @param waitUpTo how long it waits for goods that others hold, from {@link #SHORTEST_WAIT} to {@link #LONGEST_WAIT}; null if it does not wait
     */
    record PlaceOrder(
            @TargetAggregateIdentifier String orderId,
            String customerId,
            String paymentToken,
            List<Line> lines,
            @Nullable Personal deliverTo,
            @Nullable Duration waitUpTo)
            implements OrderCommand {

        /** The shortest wait that can be accepted. */
        public static final Duration SHORTEST_WAIT = Duration.ofSeconds(1);

        /** The longest; stock may have shorter ones. */
        public static final Duration LONGEST_WAIT = Duration.ofDays(30);

        /**
         * @throws IllegalArgumentException if it would wait for too short or too long a time
         */
        public PlaceOrder {
            lines = List.copyOf(lines);
            if (waitUpTo != null && (waitUpTo.compareTo(SHORTEST_WAIT) < 0 || waitUpTo.compareTo(LONGEST_WAIT) > 0)) {
                throw new IllegalArgumentException(
                        "An order waits from " + SHORTEST_WAIT + " to " + LONGEST_WAIT + ", not " + waitUpTo);
            }
        }

        /** An order that does not wait. */
        public PlaceOrder(
                String orderId,
                String customerId,
                String paymentToken,
                List<Line> lines,
                @Nullable Personal deliverTo) {
            this(orderId, customerId, paymentToken, lines, deliverTo, null);
        }

        /** An order that says nothing of its delivery. */
        public PlaceOrder(String orderId, String customerId, String paymentToken, List<Line> lines) {
            this(orderId, customerId, paymentToken, lines, null, null);
        }

        /** Leaves the token out: it is a secret. */
        @Override
        public String toString() {
            return "PlaceOrder[orderId=" + orderId + ", " + lines.size() + " lines]";
        }
    }

    /** Stock lets a pending order wait until then. */
    record NoteWaiting(@TargetAggregateIdentifier String orderId, Instant until) implements OrderCommand {}

    /** Its wait is over: its goods are reserved. */
    record EndWaiting(@TargetAggregateIdentifier String orderId) implements OrderCommand {}

    /** Stock is reserved and payment authorised: a pending order becomes a sale. */
    record ConfirmOrder(@TargetAggregateIdentifier String orderId) implements OrderCommand {}

    /** The order cannot be had, or took too long: a pending order ends; one that is confirmed stays so. */
    record CancelOrder(@TargetAggregateIdentifier String orderId, String reason) implements OrderCommand {}

    /**
     * What was promised is gone (the money cannot be taken, the reservation is lost): the order ends also if it is
     * confirmed; if it is fulfilled, it is returned.
     */
    record RevokeOrder(@TargetAggregateIdentifier String orderId, String reason) implements OrderCommand {}

    /**
     * The customer does not want it any more. A pending order is cancelled, a fulfilled one returned, and one that waits for
     * its payment to be captured is returned as soon as it is. Answers with the {@link OrderPhase} afterwards.
     */
    record WithdrawOrder(@TargetAggregateIdentifier String orderId) implements OrderCommand {}

    /** The payment of a confirmed order was taken. */
    record FulfilOrder(@TargetAggregateIdentifier String orderId) implements OrderCommand {}

    /** Stock and payment have undone what they did for a cancelled order. */
    record SettleOrder(@TargetAggregateIdentifier String orderId) implements OrderCommand {}

    /** Goods and money of a returned order are back where they came from. */
    record CompleteReturn(@TargetAggregateIdentifier String orderId) implements OrderCommand {}
}
