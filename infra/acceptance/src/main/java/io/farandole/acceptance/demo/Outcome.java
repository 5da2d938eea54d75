package io.farandole.acceptance.demo;

import java.time.Duration;

/**
 * What became of an order.
 *
 * @param orderId empty if it was not even accepted
 * @param status as last seen
 * @param reason as last seen; empty if there is none
 * @param took from the first request to the end as a customer sees it
 * @param problem what was not as expected; empty if all was
 */
record Outcome(DemoOrder order, String orderId, String status, String reason, Duration took, String problem) {

    boolean asExpected() {
        return problem.isEmpty();
    }

    /** One line of the page. */
    String line() {
        return "  %-4s %-20s %-10s %-22s %6d ms   %s"
                .formatted(
                        asExpected() ? "ok" : "NOT",
                        order.what(),
                        status.isEmpty() ? "-" : status,
                        reason.isEmpty() ? "-" : reason,
                        took.toMillis(),
                        asExpected() ? orderId : orderId + "  " + problem);
    }
}
