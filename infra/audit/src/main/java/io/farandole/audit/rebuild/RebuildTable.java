package io.farandole.audit.rebuild;

import io.farandole.audit.rebuild.Rebuild.State;
import io.farandole.audit.rebuild.RebuildRequest.Purpose;
import io.farandole.messaging.JsonCodec;
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

/** {@code farandole.rebuild} and what belongs to it. Joins the current transaction. */
final class RebuildTable {

    private static final JsonCodec JSON = new JsonCodec();

    private static final String INSERT =
            "insert into farandole.rebuild (read_model, purpose, process_key, aggregate_type,"
                    + " from_time, to_time, threads, requested_by, reason) values (?, ?, ?, ?, ?, ?, ?, ?, ?) returning id";

    private static final String SELECT =
            "select id, read_model, purpose, process_key, aggregate_type, from_time, to_time,"
                    + " threads, requested_by, reason, requested_at, state, holder, position, head, events, unknown_events,"
                    + " worked_millis, ended_at, sentence, result from farandole.rebuild";

    /** One that runs and that nobody works at; an instance that was not heard of for a while does not work any more. */
    private static final String CLAIM =
            """
            update farandole.rebuild set holder = ?, seen_at = clock_timestamp()
             where id = (select r.id from farandole.rebuild r
                          where r.ended_at is null and r.state = 'RUNNING'
                            and (r.holder is null or r.seen_at < clock_timestamp() - ? * interval '1 millisecond')
                          order by r.id limit 1 for update skip locked)
            returning id""";

    private static final String PROGRESS = "update farandole.rebuild set seen_at = clock_timestamp(), position = ?,"
            + " head = greatest(head, ?), events = events + ?, unknown_events = unknown_events + ?,"
            + " worked_millis = worked_millis + ? where id = ? and holder = ? and state = 'RUNNING'";

    private static final String END =
            "update farandole.rebuild set state = ?, sentence = ?, result = ?, position = greatest(position, ?),"
                    + " ended_at = clock_timestamp(), holder = null where id = ? and holder = ? and state = 'RUNNING'";

    private final JdbcTemplate jdbc;

    RebuildTable(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /** @throws RefusedException if one of this read model has not ended */
    long insert(RebuildRequest request) {
        Limit limit = request.limit();
        try {
            Long id = jdbc.queryForObject(
                    INSERT,
                    Long.class,
                    request.readModel(),
                    request.purpose().name(),
                    limit.processKey(),
                    limit.aggregateType(),
                    timestamp(limit.from()),
                    timestamp(limit.to()),
                    request.threads(),
                    request.by(),
                    request.reason());
            if (id == null) {
                throw new IllegalStateException("PostgreSQL gave no id");
            }
            return id;
        } catch (DuplicateKeyException e) {
            throw new RefusedException(
                    "A rebuild or comparison of " + request.readModel()
                            + " has not ended: wait for it, or cancel it (rebuild status tells its number)",
                    e);
        }
    }

    private static @Nullable Timestamp timestamp(@Nullable Instant time) {
        return time == null ? null : Timestamp.from(time);
    }

    Optional<Rebuild> find(long id) {
        return jdbc.query(SELECT + " where id = ?", (row, number) -> rebuild(row), id).stream()
                .findFirst();
    }

    List<Rebuild> latest(int limit) {
        return jdbc.query(SELECT + " order by id desc limit ?", (row, number) -> rebuild(row), limit);
    }

    Limit limit(long id) {
        return jdbc.query(
                        "select process_key, aggregate_type, from_time, to_time from farandole.rebuild where id = ?",
                        (row, number) -> limit(row),
                        id)
                .get(0);
    }

    private static Limit limit(ResultSet row) throws SQLException {
        return new Limit(
                row.getString("process_key"),
                row.getString("aggregate_type"),
                instant(row, "from_time"),
                instant(row, "to_time"));
    }

    private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        Timestamp time = row.getTimestamp(column);
        return time == null ? null : time.toInstant();
    }

    private static Rebuild rebuild(ResultSet row) throws SQLException {
        long position = row.getLong("position");
        long head = Math.max(position, row.getLong("head"));
        long worked = row.getLong("worked_millis");
        long perSecond = worked == 0 ? 0 : position * 1_000 / worked;
        State state = State.valueOf(row.getString("state"));
        String result = row.getString("result");
        Timestamp requested = row.getTimestamp("requested_at");
        return new Rebuild(
                row.getLong("id"),
                row.getString("read_model"),
                Purpose.valueOf(row.getString("purpose")),
                limit(row).words().orElse(null),
                row.getInt("threads"),
                row.getString("requested_by"),
                row.getString("reason"),
                requested.toInstant(),
                state,
                position,
                head,
                row.getLong("events"),
                row.getLong("unknown_events"),
                perSecond,
                state.isEnded() || perSecond == 0 ? null : (head - position) / perSecond,
                row.getString("holder"),
                instant(row, "ended_at"),
                row.getString("sentence"),
                result == null ? null : JSON.read(result, Difference.class));
    }

    Optional<Long> claim(String holder, Duration lease) {
        return jdbc.queryForList(CLAIM, Long.class, holder, lease.toMillis()).stream()
                .findFirst();
    }

    /** False if this instance is to stop working at it. */
    boolean progress(long id, String holder, long position, long head, long events, long unknown, long millis) {
        return jdbc.update(PROGRESS, position, head, events, unknown, millis, id, holder) == 1;
    }

    void heartbeat(long id, String holder) {
        jdbc.update("update farandole.rebuild set seen_at = clock_timestamp() where id = ? and holder = ?", id, holder);
    }

    void release(long id, String holder) {
        jdbc.update("update farandole.rebuild set holder = null where id = ? and holder = ?", id, holder);
    }

    /** False if this instance may not end it: somebody has cancelled or paused it, or another instance works at it. */
    boolean end(long id, String holder, State state, String sentence, @Nullable Difference difference, long position) {
        return jdbc.update(
                        END,
                        state.name(),
                        sentence,
                        difference == null ? null : JSON.write(difference),
                        position,
                        id,
                        holder)
                == 1;
    }

    /** False if it is in none of these states. */
    boolean change(long id, State to, List<State> from, @Nullable String sentence) {
        return jdbc.update(
                        "update farandole.rebuild set state = ?, sentence = coalesce(?, sentence),"
                                + " ended_at = case when ? then clock_timestamp() end where id = ? and state = any (?)",
                        to.name(),
                        sentence,
                        to.isEnded(),
                        id,
                        from.stream().map(State::name).toArray(String[]::new))
                == 1;
    }

    void decided(long id, String decision, String by, String reason) {
        jdbc.update(
                "insert into farandole.rebuild_decision (rebuild, decision, decided_by, reason) values (?, ?, ?, ?)",
                id,
                decision,
                by,
                reason);
    }

    /** Ended ones whose copy may still be there; none that an instance still works at. */
    List<Long> toClean() {
        return jdbc.queryForList(
                "select id from farandole.rebuild where not cleaned and ended_at is not null order by id", Long.class);
    }

    void cleaned(long id) {
        jdbc.update("delete from farandole.rebuild_position where rebuild = ?", id);
        jdbc.update("delete from farandole.rebuild_process where rebuild = ?", id);
        jdbc.update("update farandole.rebuild set cleaned = true where id = ?", id);
    }

    /** How far each part is; empty if the copy has to be made anew. */
    List<Long> positions(long id) {
        return jdbc.queryForList(
                "select position from farandole.rebuild_position where rebuild = ? order by part", Long.class, id);
    }

    void begin(long id, int parts) {
        jdbc.update("delete from farandole.rebuild_position where rebuild = ?", id);
        for (int part = 0; part < parts; part++) {
            jdbc.update("insert into farandole.rebuild_position (rebuild, part, position) values (?, ?, 0)", id, part);
        }
    }

    /** False if the part is not where the caller believes: another instance works at it, or the server has crashed. */
    boolean advance(long id, int part, long from, long to) {
        return jdbc.update(
                        "update farandole.rebuild_position set position = ? where rebuild = ? and part = ? and position = ?",
                        to,
                        id,
                        part,
                        from)
                == 1;
    }

    /** Finds the processes that a limit chooses, or the aggregates where rows are theirs; once. */
    void findOwners(long id, Limit limit, ReadModel.Kind kind) {
        String key = kind == ReadModel.Kind.AGGREGATE ? "aggregate_id" : "process_key";
        String such = kind == ReadModel.Kind.AGGREGATE ? " own and aggregate_id is not null and" : "";
        jdbc.update("delete from farandole.rebuild_process where rebuild = ?", id);
        String insert = "insert into farandole.rebuild_process (rebuild, process_key) ";
        if (limit.processKey() != null) {
            jdbc.update(
                    insert + "select ?, ? where exists (select from farandole.journal where" + such + " " + key
                            + " = ?)",
                    id,
                    limit.processKey(),
                    limit.processKey());
        } else if (limit.aggregateType() != null) {
            jdbc.update(
                    insert + "select distinct ?, " + key
                            + " from farandole.journal where own and aggregate_id is not null and aggregate_type = ?",
                    id,
                    limit.aggregateType());
        } else {
            jdbc.update(
                    insert + "select distinct ?, " + key + " from farandole.journal where" + such
                            + " occurred_at >= coalesce(?, '-infinity'::timestamptz) and occurred_at < coalesce(?, 'infinity'::timestamptz)",
                    id,
                    timestamp(limit.from()),
                    timestamp(limit.to()));
        }
    }

    /** What was found, or so many of it. */
    List<String> owners(long id, int most) {
        return jdbc.queryForList(
                "select process_key from farandole.rebuild_process where rebuild = ? order by process_key limit ?",
                String.class,
                id,
                most);
    }
}
