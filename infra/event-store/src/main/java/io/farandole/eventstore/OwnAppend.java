package io.farandole.eventstore;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;

/**
 * Appends own events, in the order given.
 *
 * @param note is given what was appended, and on which connection
 * @param refusal what a failure means; null if it is not this append's
 */
record OwnAppend(
        String context,
        List<JournalEntry> entries,
        Note note,
        Function<DataAccessException, @Nullable RuntimeException> refusal)
        implements RoundTrip.Statement {

    private static final int PARAMETERS = 17;

    private static final String SQL = "select * from farandole.append_own_at(" + "?, ".repeat(PARAMETERS - 1) + "?)";

    /** Takes note of an append that is not committed yet. */
    @FunctionalInterface
    interface Note {
        void appended(Appended appended, Connection connection) throws SQLException;
    }

    @Override
    public String sql() {
        return SQL;
    }

    @Override
    public int bind(PreparedStatement statement, int before) throws SQLException {
        Arrays arrays = new Arrays(statement.getConnection(), before);
        statement.setString(before + 1, context);
        arrays.text(statement, 2, entries, JournalEntry::eventId);
        arrays.text(statement, 3, entries, JournalEntry::aggregateType);
        arrays.text(statement, 4, entries, JournalEntry::aggregateId);
        arrays.bigint(statement, 5, entries, JournalEntry::sequence);
        arrays.text(statement, 6, entries, e -> e.type().name());
        arrays.integer(statement, 7, entries, e -> e.type().version());
        arrays.text(statement, 8, entries, JournalEntry::payload);
        arrays.text(statement, 9, entries, JournalEntry::metadata);
        arrays.text(statement, 10, entries, JournalEntry::processKey);
        arrays.text(statement, 11, entries, JournalEntry::correlationId);
        arrays.text(statement, 12, entries, JournalEntry::causationId);
        arrays.text(statement, 13, entries, JournalEntry::traceparent);
        arrays.text(
                statement,
                14,
                entries,
                e -> e.wireType() == null ? null : e.wireType().wireType());
        arrays.text(statement, 15, entries, JournalEntry::wirePayload);
        arrays.text(statement, 16, entries, JournalEntry::keyId);
        arrays.bigint(statement, PARAMETERS, entries, e -> Appended.micros(e.occurredAt()));
        return before + PARAMETERS;
    }

    @Override
    public void rows(ResultSet rows) throws SQLException {
        rows.next();
        note.appended(
                Appended.own(context, entries, rows.getLong(1), rows.getLong(2)),
                rows.getStatement().getConnection());
    }

    @Override
    public @Nullable RuntimeException meaning(DataAccessException failure) {
        return refusal.apply(failure);
    }
}
