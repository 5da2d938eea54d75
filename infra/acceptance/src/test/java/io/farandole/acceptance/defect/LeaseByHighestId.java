package io.farandole.acceptance.defect;

import io.farandole.messaging.Envelope;
import io.farandole.messaging.EventType;
import io.farandole.messaging.Outbox;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * A lease that reads what has a higher position than what it has read, as most do: what commits below that it never sees, also when the relay, which
 * knows better, begins again from before.
 */
final class LeaseByHighestId extends OutboxAround.LeaseAround {

    private static final String NEXT =
            "select event_id, source, wire_type, aggregate_id, occurred_at, process_key, position,"
                    + " correlation_id, causation_id, traceparent, key_id, coalesce(wire_payload, payload) from farandole.journal"
                    + " where own and wire_type is not null and position > ? order by position limit ?";

    private final JdbcTemplate jdbc;
    private final BooleanSupplier byHighestId;
    private final AtomicInteger reads;
    private final AtomicLong highest;

    /**
     * @param byHighestId false leaves it to the lease how to read
     * @param reads counts how often it has been read
     * @param highest position that was read so, by whichever lease of this relay
     */
    LeaseByHighestId(
            Outbox.Lease lease,
            JdbcTemplate jdbc,
            BooleanSupplier byHighestId,
            AtomicInteger reads,
            AtomicLong highest) {
        super(lease);
        this.jdbc = jdbc;
        this.byHighestId = byHighestId;
        this.reads = reads;
        this.highest = highest;
    }

    @Override
    public Outbox.Batch read(long after, int limit) {
        Outbox.Batch batch = byHighestId.getAsBoolean() ? byHighestId(after, limit) : super.read(after, limit);
        reads.incrementAndGet();
        return batch;
    }

    private Outbox.Batch byHighestId(long after, int limit) {
        long from = highest.accumulateAndGet(after, Math::max);
        List<Envelope> events = jdbc.query(NEXT, (row, number) -> envelope(row), from, limit);
        long upTo = events.isEmpty() ? from : events.get(events.size() - 1).sequence();
        highest.set(upTo);
        return new Outbox.Batch(events, upTo);
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
