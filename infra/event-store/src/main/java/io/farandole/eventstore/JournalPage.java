package io.farandole.eventstore;

import java.util.List;

/**
 * Some of the journal, in order, without gaps that might still be filled.
 *
 * @param rows in order of position
 * @param upTo everything up to this position is settled: what is not among the rows so far will never be there
 * @param blocked whether reading stopped before a position that a live transaction may still fill: ask again soon
 */
public record JournalPage(List<JournalRow> rows, long upTo, boolean blocked) {

    public JournalPage {
        rows = List.copyOf(rows);
    }
}
