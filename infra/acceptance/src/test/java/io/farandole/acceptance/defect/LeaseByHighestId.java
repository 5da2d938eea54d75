package io.farandole.acceptance.defect;

import io.farandole.messaging.Envelope;
import io.farandole.messaging.EventType;
import io.farandole.messaging.Outbox;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.springframework.jdbc.core.JdbcTemplate;

/** A lease that reads what has a higher position than what it has read, as most do: what commits below that it never sees. */
final class LeaseByHighestId extends OutboxAround.LeaseAround {

    private static final String NEXT =
            "select event_id, source, wire_type, aggregate_id, occurred_at, process_key, position,"
                    + " correlation_id, causation_id, traceparent, key_id, coalesce(wire_payload, payload) from farandole.journal"
                    + " where own and wire_type is not null and position > ? order by position limit ?";

    private final JdbcTemplate jdbc;
    private final BooleanSupplier byHighestId;
    private final AtomicInteger reads;

    /**
     * @param byHighestId false leaves it to the lease how to read
     * @param reads counts how often it has been read
     */
    LeaseByHighestId(Outbox.Lease lease, JdbcTemplate jdbc, BooleanSupplier byHighestId, AtomicInteger reads) {
        super(lease);
        this.jdbc = jdbc;
        this.byHighestId = byHighestId;
        this.reads = reads;
    }

    @Override
    public Outbox.Batch read(long after, int limit) {
        Outbox.Batch batch = byHighestId.getAsBoolean() ? byHighestId(after, limit) : super.read(after, limit);
        reads.incrementAndGet();
        return batch;
    }

    private Outbox.Batch byHighestId(long after, int limit) {
        List<Envelope> events = jdbc.query(NEXT, (row, number) -> envelope(row), after, limit);
        return new Outbox.Batch(
                events, events.isEmpty() ? after : events.get(events.size() - 1).sequence());
    }

    private static Envelope envelope(ResultSet row) throws SQLException {
        return new Envelope(
                row.getString(1),
                row.getString(2),
                EventType.parse(row.getString(3)),
                row.getString(4),
                row.getObject(5, OffsetDateTime.class).toInstant(),
                row.getString(6),
                row.getLong(7),
                row.getString(8),
                row.getString(9),
                row.getString(10),
                row.getString(11),
                row.getString(12));
    }
}
