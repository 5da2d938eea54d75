package io.farandole.audit.report;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Figures over the processes of a period, from this context's journal: own and received events, in their stored form, by the time at which
 * they occurred. PostgreSQL does the work, over the block index on time and the index on process keys; memory here holds the answer only. A
 * period of many processes may exceed the session's statement time-out: ask for a shorter one.
 *
 * <p>Joins the current transaction, if there is one. Thread-safe.
 */
public final class ProcessReports {

    /** The longest answer. */
    public static final int MOST = 1_000;

    private static final int EXAMPLES = 3;
    private static final Pattern FIELD = Pattern.compile("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*");

    private static final String ENDS = "select payload::jsonb #>> string_to_array(?, '.') as value,"
            + " count(distinct process_key) as processes,"
            + " (array_agg(process_key order by position desc))[1:" + EXAMPLES + "] as examples"
            + " from farandole.journal where payload_type = ? and occurred_at >= ? and occurred_at < ?"
            + " group by 1 order by 2 desc, 1 limit ?";

    /** The processes that were heard of in the period; their events before and after it count too. */
    private static final String WAITS = "with heard as (select distinct process_key from farandole.journal"
            + " where occurred_at >= ? and occurred_at < ?),"
            + " event as (select j.process_key, j.payload_type, j.occurred_at, j.position,"
            + " lag(j.payload_type) over process as after, j.occurred_at - lag(j.occurred_at) over process as wait"
            + " from heard join farandole.journal j on j.process_key = heard.process_key"
            + " window process as (partition by j.process_key order by j.position))";

    private static final String SLOW = WAITS
            + " select process_key, min(occurred_at) as began, " + micros("max(occurred_at) - min(occurred_at)")
            + " as took,"
            + " count(*) as events, " + micros("max(wait)") + " as longest,"
            + " (array_agg(after order by wait desc nulls last, position))[1] as after,"
            + " (array_agg(payload_type order by wait desc nulls last, position))[1] as before"
            + " from event group by process_key having max(occurred_at) - min(occurred_at) >= ? * interval '1 microsecond'"
            + " and count(*) > 1 order by 3 desc, 1 limit ?";

    private static final String STRETCHES = WAITS
            + " select after, payload_type as before, count(*) as times,"
            + " " + micros("percentile_disc(0.5) within group (order by wait)") + " as median,"
            + " " + micros("percentile_disc(0.99) within group (order by wait)") + " as p99, " + micros("max(wait)")
            + " as longest,"
            + " " + micros("sum(wait)")
            + " as total from event where after is not null group by 1, 2 order by 7 desc, 1, 2 limit ?";

    private final JdbcTemplate jdbc;

    /** @param dataSource connects as a role that may read the journal */
    public ProcessReports(DataSource dataSource) {
        this.jdbc = new JdbcTemplate(dataSource);
    }

    /**
     * How many processes had an event of a type in the period, by what one of its fields says; the most first.
     *
     * @param type the stored name, such as {@code order.cancelled}; all its versions count
     * @param field of the payload; a dot leads into an object
     * @param limit at most so many groups, up to {@link #MOST}
     * @throws IllegalArgumentException if no field can have that name
     */
    public List<EndGroup> endsBy(String type, String field, Period period, int limit) {
        if (!FIELD.matcher(field).matches()) {
            throw new IllegalArgumentException(
                    "'" + field + "' is no name of a field; they look like reason, or total.currency");
        }
        return jdbc.query(
                ENDS,
                (row, number) ->
                        new EndGroup(row.getString("value"), row.getLong("processes"), texts(row.getArray("examples"))),
                field,
                type,
                period.first(),
                period.end(),
                Math.min(limit, MOST));
    }

    /**
     * The processes of the period that took at least so long, the longest first, each with the longest wait in it.
     *
     * @param limit at most so many, up to {@link #MOST}
     */
    public List<SlowProcess> slow(Period period, Duration atLeast, int limit) {
        return jdbc.query(
                SLOW,
                (row, number) -> new SlowProcess(
                        row.getString("process_key"),
                        row.getObject("began", OffsetDateTime.class).toInstant(),
                        micros(row, "took"),
                        row.getLong("events"),
                        micros(row, "longest"),
                        row.getString("after"),
                        row.getString("before")),
                period.first(),
                period.end(),
                atLeast.toNanos() / 1_000,
                Math.min(limit, MOST));
    }

    /**
     * Where the time of the period's processes went, between which types of events; the most first.
     *
     * @param limit at most so many, up to {@link #MOST}
     */
    public List<Stretch> stretches(Period period, int limit) {
        return jdbc.query(
                STRETCHES,
                (row, number) -> new Stretch(
                        row.getString("after"),
                        row.getString("before"),
                        row.getLong("times"),
                        micros(row, "median"),
                        micros(row, "p99"),
                        micros(row, "longest"),
                        micros(row, "total")),
                period.first(),
                period.end(),
                Math.min(limit, MOST));
    }

    /** An interval as a whole number, which JDBC has a type for. */
    private static String micros(String interval) {
        return "(extract(epoch from " + interval + ") * 1000000)::bigint";
    }

    private static Duration micros(ResultSet row, String column) throws SQLException {
        return Duration.ofNanos(Math.multiplyExact(row.getLong(column), 1_000L));
    }

    private static List<String> texts(Array array) throws SQLException {
        return List.of((String[]) array.getArray());
    }
}
