package io.farandole.audit.rebuild;

import io.farandole.eventstore.Journal;
import io.farandole.eventstore.JournalRow;
import java.util.ArrayList;
import java.util.List;

/** A read model's handlers and tables, as they are found. */
record ReadModelParts(ReadModel model, Handlers handlers, List<TableShape> shapes) {

    /** Handlers that run in the transactions of commands never see what was received. */
    boolean concerns(JournalRow row) {
        return handlers.isStreaming() || row.own();
    }

    /** Rows between two positions that matter, as the current transaction sees them. */
    List<JournalRow> visible(Journal journal, Owners owners, long after, long upTo, int most) {
        String condition = "j.position > ? and j.position <= ?";
        List<Object> parameters = new ArrayList<>(List.of(after, upTo));
        boolean byAggregate = owners.areLimited() && model.isByAggregate();
        if (!handlers.isStreaming() || byAggregate) {
            condition += " and j.own";
        }
        condition += owners.condition(byAggregate ? "aggregate_id" : "process_key", parameters);
        return journal.readVisible(condition, parameters, most);
    }
}
