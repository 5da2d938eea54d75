package io.farandole.audit.timeline;

import io.farandole.messaging.Headers;
import io.farandole.messaging.JsonCodec;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Reads what this context's journal holds of a process, by the index over process keys: its cost does not depend on how much else the journal
 * holds. Joins the current transaction, if there is one. Thread-safe.
 */
public final class ProcessHistories {

    /** More than a process has, unless something goes round in circles; then the first ones tell. */
    static final int MOST = 10_000;

    private static final int MOST_RELATED = 20;

    private static final String EVENTS =
            "select position, own, source, event_id, payload_type, payload_version, aggregate_type, aggregate_id, sequence,"
                    + " wire_type, metadata, correlation_id, causation_id, occurred_at, recorded_at"
                    + " from farandole.journal where process_key = ? order by position limit ?";

    /** Bounded before it is sorted: a nightly job may give a million events one correlation id. */
    private static final String RELATED =
            "select distinct r.process_key from (select process_key from farandole.journal"
                    + " where correlation_id = any (?) and process_key <> ? limit 1000) r order by r.process_key limit ?";

    private final String context;
    private final JdbcTemplate jdbc;
    private final JsonCodec codec;

    /**
     * What reads.
     *
     * @param context this context's name
     * @param dataSource connects as a role that may read the journal
     */
    public ProcessHistories(String context, DataSource dataSource, JsonCodec codec) {
        this.context = context;
        this.jdbc = new JdbcTemplate(dataSource);
        this.codec = codec;
    }

    /**
     * What the journal holds of a process; without events if it was never heard of here.
     *
     * @throws org.springframework.dao.DataAccessException if the database cannot be reached
     */
    public ProcessHistory of(String processKey) {
        List<HistoryEvent> events = jdbc.query(EVENTS, (row, number) -> event(row), processKey, MOST + 1);
        boolean cut = events.size() > MOST;
        String[] conversations = events.stream()
                .map(HistoryEvent::correlationId)
                .filter(Objects::nonNull)
                .distinct()
                .toArray(String[]::new);
        List<String> related = conversations.length == 0
                ? List.of()
                : jdbc.queryForList(RELATED, String.class, conversations, processKey, MOST_RELATED);
        return new ProcessHistory(context, processKey, cut ? events.subList(0, MOST) : events, cut, related);
    }

    private HistoryEvent event(ResultSet row) throws SQLException {
        long sequence = row.getLong("sequence");
        Long ofAggregate = row.wasNull() ? null : sequence;
        return new HistoryEvent(
                row.getLong("position"),
                row.getBoolean("own"),
                row.getString("source"),
                row.getString("event_id"),
                row.getString("payload_type"),
                row.getInt("payload_version"),
                row.getString("aggregate_type"),
                row.getString("aggregate_id"),
                ofAggregate,
                row.getString("wire_type"),
                command(row.getString("metadata")),
                row.getString("correlation_id"),
                row.getString("causation_id"),
                row.getObject("occurred_at", OffsetDateTime.class).toInstant(),
                row.getObject("recorded_at", OffsetDateTime.class).toInstant());
    }

    private @Nullable String command(@Nullable String metadata) {
        Object command =
                metadata == null ? null : codec.read(metadata, Map.class).get(Headers.COMMAND);
        return command == null ? null : command.toString();
    }
}
