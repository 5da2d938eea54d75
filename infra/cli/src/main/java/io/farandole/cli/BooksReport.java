package io.farandole.cli;

import java.util.List;
import java.util.Set;

/**
 * What came of the comparison of two contexts' books.
 *
 * @param one a context
 * @param other another
 * @param accounts the kinds of account that both keep
 * @param statements how many of the first one's were compared
 * @param open entries that differ while a process of theirs has not ended, or has only just
 * @param more parts of the entries that differ too, and were not looked into
 */
record BooksReport(
        String one,
        String other,
        Set<String> accounts,
        long statements,
        long open,
        int more,
        List<Difference> differences) {

    BooksReport {
        accounts = Set.copyOf(accounts);
        differences = List.copyOf(differences);
    }

    /**
     * An entry of which two contexts do not say the same.
     *
     * @param entry such as an order id
     * @param account such as {@code paid EUR}
     * @param said by the first
     * @param otherSaid by the other
     */
    record Difference(String entry, String account, long said, long otherSaid) {}

    boolean agrees() {
        return differences.isEmpty() && more == 0;
    }
}
