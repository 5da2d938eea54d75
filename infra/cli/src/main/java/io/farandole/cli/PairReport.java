package io.farandole.cli;

import java.util.List;

/**
 * What came of the comparison of a producer with one of its followers.
 *
 * @param events how many events of the producer were compared
 * @param before events that were published before the follower's first one of their type: it may have joined later
 * @param underway events that have not arrived and are too young to be missed
 * @param more ranges of positions that differ too, and were not looked into
 */
record PairReport(
        String producer,
        String follower,
        long events,
        long before,
        long underway,
        int more,
        List<ExchangeDifference> differences) {

    PairReport {
        differences = List.copyOf(differences);
    }

    boolean agrees() {
        return differences.isEmpty() && more == 0;
    }
}
