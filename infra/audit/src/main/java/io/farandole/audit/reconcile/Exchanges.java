package io.farandole.audit.reconcile;

import io.farandole.audit.reconcile.ExchangeOverview.Heard;
import io.farandole.messaging.Followers;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Tells what this context's journal holds of the exchange with others: what it has published, and what it has received from a source. Digests over
 * ranges first, so that two journals that agree are found to agree by one pass over each; then the events of the ranges that differ.
 *
 * <p>Positions are always the producer's: an event of its own stands at its position, a received one at its source's. PostgreSQL does the work,
 * in read-only transactions of at most {@link #LONGEST_SECONDS} seconds; memory here holds the answer only. Thread-safe.
 */
public final class Exchanges {

    /** The most events, or ranges, of one answer. */
    public static final int MOST = 5_000;

    /** The widest range of positions that is asked about at once. */
    public static final long WIDEST = 1_000_000;

    private static final int LONGEST_SECONDS = 55;

    private static final int MOST_WAITING = 10_000;

    private static final String PUBLISHED = "select position from farandole.relay_position";

    private static final String WAITING =
            "select count(*) as events, min(w.recorded_at) as since from (select recorded_at"
                    + " from farandole.journal where own and wire_type is not null and position > ? order by position limit "
                    + MOST_WAITING + ") w";

    private static final String HEARD = "select source, wire_type, count(*) as events, min(source_sequence) as first,"
            + " max(source_sequence) as last from farandole.journal where not own and source_sequence is not null"
            + " group by 1, 2 order by 1, 2";

    private static final String OWN = "j.own and j.wire_type is not null";
    private static final String RECEIVED = "not j.own and j.source = ?";
    private static final String BODY = "coalesce(j.wire_payload, j.payload)";

    private final String context;
    private final Followers followers;
    private final JdbcTemplate jdbc;
    private final TransactionTemplate transaction;

    /**
     * What reads.
     *
     * @param context this context's name
     * @param followers who follows what, as declared
     * @param dataSource connects as a role that may read the journal
     */
    public Exchanges(String context, Followers followers, DataSource dataSource) {
        this.context = context;
        this.followers = followers;
        this.jdbc = new JdbcTemplate(dataSource);
        this.transaction = new TransactionTemplate(new JdbcTransactionManager(dataSource));
        this.transaction.setReadOnly(true);
    }

    /** What this context publishes and follows, and how far it has come. Reads the whole journal once, without bodies. */
    public ExchangeOverview overview() {
        Map<String, List<String>> publishes = new TreeMap<>();
        followers.types().stream()
                .filter(type -> type.context().equals(context))
                .forEach(type -> publishes.put(
                        type.wireType(),
                        followers.of(type).stream()
                                .filter(follower -> !follower.equals(context))
                                .toList()));
        return reading(() -> {
            long published = number(PUBLISHED);
            Instant now = jdbc.query("select clock_timestamp() as at", (row, index) -> instant(row, "at"))
                    .get(0);
            List<Heard> heard = jdbc.query(
                    HEARD,
                    (row, index) -> new Heard(
                            row.getString("source"),
                            row.getString("wire_type"),
                            row.getLong("events"),
                            row.getLong("first"),
                            row.getLong("last")));
            return jdbc.query(
                            WAITING,
                            (row, index) -> new ExchangeOverview(
                                    context,
                                    now,
                                    published,
                                    row.getLong("events"),
                                    row.getObject("since") == null ? null : instant(row, "since"),
                                    publishes,
                                    heard),
                            published)
                    .get(0);
        });
    }

    /** The first position of an event that occurred at a time or later; one more than the last position if there is none. */
    public long positionAt(Instant time) {
        return reading(() -> number(
                "select coalesce((select min(position) from farandole.journal where occurred_at >= ?::timestamptz),"
                        + " (select coalesce(max(position), 0) + 1 from farandole.journal))",
                time.toString()));
    }

    /**
     * Digests of what this context has published, or has received from a source; ranges without events are left out.
     *
     * @param source null for what it has published itself
     * @param types those that count
     * @param from the range begins after this position of the producer's journal
     * @param to it ends with this one
     * @param parts into so many ranges of equal width it is divided
     * @throws IllegalArgumentException if the range is empty or too wide, or the number of parts is
     */
    public List<RangeDigest> digests(@Nullable String source, List<TypeFrom> types, long from, long to, int parts) {
        if (to <= from || to - from > WIDEST) {
            throw new IllegalArgumentException("a range has from 1 to " + WIDEST + " positions");
        }
        if (parts < 1 || parts > MOST) {
            throw new IllegalArgumentException("there are from 1 to " + MOST + " parts");
        }
        long width = Math.max(1, (to - from + parts - 1) / parts);
        String at = source == null ? "j.position" : "j.source_sequence";
        // 64 bits of MD5, which says the same in every version of PostgreSQL, as a signed number; summed up without
        // overflow.
        String sql = "select (" + at + " - ? - 1) / ? as part, count(*) as events, sum(('x' || left(md5(" + at
                + " || ' ' || j.event_id || ' ' || j.wire_type || ' ' || j.process_key || ' ' || " + BODY
                + "), 16))::bit(64)::bigint)::text as digest from farandole.journal j where "
                + (source == null ? OWN : RECEIVED) + " and " + at + " > ? and " + at + " <= ? and " + counted(at)
                + " group by 1 order by 1";
        List<Object> arguments = new ArrayList<>(List.of(from, width));
        add(arguments, source, from, to, types);
        return reading(() -> jdbc.query(
                sql,
                (row, index) -> new RangeDigest(
                        from + row.getLong("part") * width,
                        Math.min(to, from + (row.getLong("part") + 1) * width),
                        row.getLong("events"),
                        row.getString("digest")),
                arguments.toArray()));
    }

    /**
     * The events of a range, in the order of the producer's positions.
     *
     * @param source null for what this context has published itself
     * @param limit at most so many, up to {@link #MOST}
     */
    public List<ExchangedEvent> events(@Nullable String source, List<TypeFrom> types, long from, long to, int limit) {
        String at = source == null ? "j.position" : "j.source_sequence";
        List<Object> arguments = new ArrayList<>();
        add(arguments, source, from, to, types);
        arguments.add(Math.min(limit, MOST));
        return reading(() -> jdbc.query(
                select(at) + " where " + (source == null ? OWN : RECEIVED) + " and " + at + " > ? and " + at
                        + " <= ? and " + counted(at) + " order by 1, 2 limit ?",
                (row, index) -> event(row),
                arguments.toArray()));
    }

    /** Of these events, those that this context has received from a source, or has itself, published or not. By the index over ids. */
    public List<ExchangedEvent> events(@Nullable String source, Collection<String> ids) {
        return reading(() -> jdbc.query(
                select(source == null ? "j.position" : "j.source_sequence")
                        + " where j.own = ? and j.source = ? and j.event_id = any (?) order by 1, 2",
                (row, index) -> event(row),
                source == null,
                source == null ? context : source,
                ids.toArray(String[]::new)));
    }

    /**
     * Received events of a source that stand behind a later one of their process.
     *
     * @param limit at most so many, up to {@link #MOST}
     */
    public List<Overtaken> overtaken(String source, int limit) {
        return reading(() -> jdbc.query(
                "select * from (select j.position, j.source_sequence, j.event_id, j.wire_type, j.process_key,"
                        + " max(j.source_sequence) over (partition by j.process_key order by j.position"
                        + " rows between unbounded preceding and 1 preceding) as after"
                        + " from farandole.journal j where " + RECEIVED + ") r where r.source_sequence <= r.after"
                        + " order by r.position limit ?",
                (row, index) -> new Overtaken(
                        row.getLong("source_sequence"),
                        row.getString("event_id"),
                        row.getString("wire_type"),
                        row.getString("process_key"),
                        row.getLong("after")),
                source,
                Math.min(limit, MOST)));
    }

    private static String select(String at) {
        return "select " + at + " as at, j.event_id, j.wire_type, j.process_key, md5(" + BODY
                + ") as body, j.recorded_at from farandole.journal j";
    }

    private static String counted(String at) {
        return "exists (select from unnest(?::text[], ?::bigint[]) as t (type, first) where t.type = j.wire_type and "
                + at + " >= t.first)";
    }

    private static void add(List<Object> arguments, @Nullable String source, long from, long to, List<TypeFrom> types) {
        if (source != null) {
            arguments.add(source);
        }
        arguments.add(from);
        arguments.add(to);
        arguments.add(types.stream().map(TypeFrom::type).toArray(String[]::new));
        arguments.add(types.stream().map(TypeFrom::from).toArray(Long[]::new));
    }

    private static ExchangedEvent event(ResultSet row) throws SQLException {
        return new ExchangedEvent(
                row.getLong("at"),
                row.getString("event_id"),
                row.getString("wire_type"),
                row.getString("process_key"),
                row.getString("body"),
                instant(row, "recorded_at"));
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private long number(String sql, Object... arguments) {
        Long number = jdbc.queryForObject(sql, Long.class, arguments);
        return number == null ? 0 : number;
    }

    private <T> T reading(Supplier<T> question) {
        T answer = transaction.execute(status -> {
            jdbc.query("select set_config('statement_timeout', ?, true)", row -> {}, LONGEST_SECONDS + "s");
            return question.get();
        });
        if (answer == null) {
            throw new IllegalStateException("No answer");
        }
        return answer;
    }
}
