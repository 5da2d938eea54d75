package io.farandole.audit.backfill;

import io.farandole.audit.backfill.Backfill.State;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.JdbcTemplate;

/** {@code farandole.backfill} and what belongs to it. Joins the current transaction. */
final class BackfillTable {

    private static final String SELECT =
            "select *, extract(epoch from coalesce(ended_at, clock_timestamp()) - began_at) as seconds from farandole.backfill";

    /**
     * One that runs and that nobody works at; an instance that was not heard of for a while does not work any more. One that cannot go on
     * does not keep others from it.
     */
    private static final String CLAIM =
            """
            update farandole.backfill
               set holder = ?, seen_at = clock_timestamp(), began_at = coalesce(began_at, clock_timestamp())
             where id = (select b.id from farandole.backfill b
                          where b.state = 'RUNNING'
                            and (b.holder is null or b.seen_at < clock_timestamp() - ? * interval '1 millisecond')
                          order by b.trouble_since nulls first, b.id limit 1 for update skip locked)
            returning id""";

    /** Fails where another has taken over, or a person has decided otherwise: what is not saved is sent again, or not at all. */
    private static final String SAVE =
            """
            update farandole.backfill
               set position = greatest(position, least(?, upto)), seen_at = clock_timestamp(),
                   trouble = null, trouble_since = null,
                   events = events + (select count(*) from farandole.journal j
                                       where j.own and j.wire_type = any (types) and j.position > backfill.position
                                         and j.position <= least(?, upto)),
                   state = case when ? >= upto then 'DONE' else state end,
                   ended_at = case when ? >= upto then clock_timestamp() end
             where id = ? and holder = ? and state = 'RUNNING'""";

    /** Since the first of a row of failures. Not where another instance is at it, which would know. */
    private static final String TROUBLE =
            """
            update farandole.backfill
               set trouble = ?, trouble_since = coalesce(trouble_since, clock_timestamp())
             where id = ? and state = 'RUNNING' and (holder is null or holder = ?) and trouble is distinct from ?""";

    private static final int LONGEST_TROUBLE = 2_000;

    private final JdbcTemplate jdbc;

    BackfillTable(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    long insert(BackfillRequest request, List<String> types, long after, long upTo) {
        try {
            Long id = jdbc.queryForObject(
                    "insert into farandole.backfill (follower, types, after, upto, position, rate, requested_by, reason)"
                            + " values (?, ?, ?, ?, ?, ?, ?, ?) returning id",
                    Long.class,
                    request.follower(),
                    types.toArray(String[]::new),
                    after,
                    upTo,
                    after,
                    request.rate(),
                    request.by(),
                    request.reason());
            if (id == null) {
                throw new IllegalStateException("PostgreSQL gave no id");
            }
            return id;
        } catch (DuplicateKeyException e) {
            throw new BackfillRefusedException(
                    "A backfill of " + request.follower()
                            + " has not ended: wait for it, or cancel it (backfill status tells its number)",
                    e);
        }
    }

    Optional<Backfill> find(long id) {
        return jdbc.query(SELECT + " where id = ?", (row, number) -> backfill(row), id).stream()
                .findFirst();
    }

    List<Backfill> latest(int limit) {
        return jdbc.query(SELECT + " order by id desc limit ?", (row, number) -> backfill(row), limit);
    }

    boolean isWaiting() {
        return Boolean.TRUE.equals(jdbc.queryForObject(
                "select exists (select from farandole.backfill where state = 'RUNNING')", Boolean.class));
    }

    Optional<Backfill> claim(String holder, Duration lease) {
        return jdbc.queryForList(CLAIM, Long.class, holder, lease.toMillis()).stream()
                .findFirst()
                .flatMap(this::find);
    }

    /** False if this instance is to stop working at it. */
    boolean touch(long id, String holder) {
        return jdbc.update(
                        "update farandole.backfill set seen_at = clock_timestamp()"
                                + " where id = ? and holder = ? and state = 'RUNNING'",
                        id,
                        holder)
                == 1;
    }

    /** False if this instance is to stop working at it. */
    boolean save(long id, String holder, long position) {
        return jdbc.update(SAVE, position, position, position, position, id, holder) == 1;
    }

    void release(long id, String holder) {
        jdbc.update("update farandole.backfill set holder = null where id = ? and holder = ?", id, holder);
    }

    void trouble(long id, String holder, String text) {
        String kept = text.length() > LONGEST_TROUBLE ? text.substring(0, LONGEST_TROUBLE) : text;
        jdbc.update(TROUBLE, kept, id, holder, kept);
    }

    void troubleIsOver(long id, String holder) {
        jdbc.update(
                "update farandole.backfill set trouble = null, trouble_since = null"
                        + " where id = ? and holder = ? and trouble is not null",
                id,
                holder);
    }

    /** The first that an instance would take, if there is one. */
    Optional<Long> next() {
        return jdbc
                .queryForList(
                        "select id from farandole.backfill where state = 'RUNNING' and holder is null order by id limit 1",
                        Long.class)
                .stream()
                .findFirst();
    }

    /** False if it is in none of these states. */
    boolean change(long id, State to, List<State> from) {
        return jdbc.update(
                        "update farandole.backfill set state = ?, ended_at = case when ? then clock_timestamp() end,"
                                + " trouble = null, trouble_since = null where id = ? and state = any (?)",
                        to.name(),
                        to == State.CANCELLED,
                        id,
                        from.stream().map(State::name).toArray(String[]::new))
                == 1;
    }

    void decided(long id, String decision, String by, String reason) {
        jdbc.update(
                "insert into farandole.backfill_decision (backfill, decision, decided_by, reason) values (?, ?, ?, ?)",
                id,
                decision,
                by,
                reason);
    }

    private static Backfill backfill(ResultSet row) throws SQLException {
        State state = State.valueOf(row.getString("state"));
        long after = row.getLong("after");
        long upTo = row.getLong("upto");
        long position = row.getLong("position");
        long events = row.getLong("events");
        double seconds = row.getDouble("seconds");
        int rate = row.getInt("rate");
        Integer limit = row.wasNull() ? null : rate;
        boolean ended = state == State.DONE || state == State.CANCELLED;
        Long left = ended || position == after || seconds <= 0
                ? null
                : Math.round((upTo - position) * seconds / (position - after));
        return new Backfill(
                row.getLong("id"),
                row.getString("follower"),
                List.of((String[]) row.getArray("types").getArray()),
                after,
                upTo,
                limit,
                row.getString("requested_by"),
                row.getString("reason"),
                row.getTimestamp("requested_at").toInstant(),
                state,
                position,
                events,
                seconds <= 0 ? 0 : Math.round(events / seconds),
                left,
                row.getString("holder"),
                row.getString("trouble"),
                instant(row, "trouble_since"),
                instant(row, "ended_at"));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        Timestamp time = row.getTimestamp(column);
        return time == null ? null : time.toInstant();
    }
}
