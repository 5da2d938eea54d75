package io.farandole.audit.backfill;

import io.farandole.messaging.Envelope;
import io.farandole.messaging.EventType;
import io.farandole.messaging.Outbox;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.function.LongSupplier;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The right to send one backfill. Reads what the relay has passed already and nothing after it, so no position in between can be filled any more:
 * the relay's rule of gap-safe reading covers this one.
 */
final class BackfillLease implements Outbox.Lease {

    private static final long TOUCH_EVERY_NANOS = 2_000_000_000L;

    private static final String END =
            "select least(?, (select r.position from farandole.relay_position r)) as readable";

    private static final String READ =
            "select event_id, wire_type, aggregate_id, occurred_at, process_key, position, correlation_id, causation_id,"
                    + " traceparent, key_id, coalesce(wire_payload, payload) as body from farandole.journal"
                    + " where own and wire_type is not null and wire_type = any (?) and position > ? and position <= ?"
                    + " order by position limit ?";

    private final String context;
    private final Backfill backfill;
    private final BackfillTable table;
    private final JdbcTemplate jdbc;
    private final String holder;
    private final LongSupplier nanos;
    private final long began;
    private long given;
    private long touched;
    private long saved;

    BackfillLease(
            String context,
            Backfill backfill,
            BackfillTable table,
            JdbcTemplate jdbc,
            String holder,
            LongSupplier nanos) {
        this.context = context;
        this.backfill = backfill;
        this.table = table;
        this.jdbc = jdbc;
        this.holder = holder;
        this.nanos = nanos;
        this.began = nanos.getAsLong();
        this.touched = began;
        this.saved = backfill.position();
    }

    @Override
    public long position() {
        return saved;
    }

    @Override
    public Outbox.Batch read(long after, int limit) {
        touch();
        int allowed = (int) Math.min(limit, allowed());
        Long readable = jdbc.queryForObject(END, Long.class, backfill.upTo());
        if (allowed < 1 || readable == null || readable <= after) {
            return new Outbox.Batch(List.of(), after);
        }
        List<Envelope> events = jdbc.query(
                READ, (row, number) -> event(row), backfill.types().toArray(String[]::new), after, readable, allowed);
        given += events.size();
        return new Outbox.Batch(
                events,
                events.size() < allowed
                        ? readable
                        : events.get(events.size() - 1).sequence());
    }

    /** A second's worth at the most is made up for after a pause. */
    private long allowed() {
        Integer rate = backfill.rate();
        if (rate == null) {
            return Long.MAX_VALUE;
        }
        long due = (long) ((nanos.getAsLong() - began) / 1e9 * rate);
        given = Math.max(given, due - rate);
        return due - given;
    }

    private void touch() {
        long now = nanos.getAsLong();
        if (now - touched >= TOUCH_EVERY_NANOS) {
            touched = now;
            if (!table.touch(backfill.id(), holder)) {
                throw lost();
            }
        }
    }

    @Override
    public void save(long position) {
        if (!table.save(backfill.id(), holder, position)) {
            throw lost();
        }
        saved = position;
    }

    private IllegalStateException lost() {
        return new IllegalStateException(
                "Backfill " + backfill.id()
                        + " is not this instance's any more: it was paused or cancelled, or another instance has taken it over");
    }

    @Override
    public boolean isDone() {
        return saved >= backfill.upTo();
    }

    @Override
    public void close() {
        table.release(backfill.id(), holder);
    }

    private Envelope event(ResultSet row) throws SQLException {
        return new Envelope(
                row.getString("event_id"),
                context,
                EventType.parse(row.getString("wire_type")),
                row.getString("aggregate_id"),
                row.getObject("occurred_at", OffsetDateTime.class).toInstant(),
                row.getString("process_key"),
                row.getLong("position"),
                row.getString("correlation_id"),
                row.getString("causation_id"),
                row.getString("traceparent"),
                row.getString("key_id"),
                row.getString("body"));
    }
}
