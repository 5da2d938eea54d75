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
    List<JournalRow> visible(Journal journal, Rebuild rebuild, Limit limit, long after, long upTo, int most) {
        String condition = "j.position > ? and j.position <= ?";
        List<Object> parameters = new ArrayList<>(List.of(after, upTo));
        if (!handlers.isStreaming()) {
            condition += " and j.own";
        }
        if (limit.isLimited()) {
            condition += (model.isByAggregate() ? " and j.own and j.aggregate_id" : " and j.process_key")
                    + " in (select p.process_key from farandole.rebuild_process p where p.rebuild = ?)";
            parameters.add(rebuild.id());
        }
        return journal.readVisible(condition, parameters, most);
    }
}
