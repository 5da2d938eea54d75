package io.farandole.axon;

import java.sql.Array;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The statements over {@code farandole.instance}: which instances run, with which processors, and how many segments each works on.
 * All times are the database's; all join the transaction of the thread. Thread-safe.
 */
final class InstanceTable {

    /** As long as a claim is valid: an instance whose claims have run out has no segments either. */
    private static final Duration ALIVE = Duration.ofSeconds(10);

    /** One round trip: tells of this instance, clears away what is long gone, and asks for the others and for all segments. */
    private static final String CONFIRM =
            """
            with told as (
              insert into farandole.instance (instance, processors, segments, seen_at) values (?, ?, ?, clock_timestamp())
              on conflict (instance) do update
                 set processors = excluded.processors, segments = excluded.segments, seen_at = excluded.seen_at),
            gone as (
              delete from farandole.instance where instance in (
                select instance from farandole.instance
                 where seen_at < clock_timestamp() - interval '1 hour' and instance <> ? for update skip locked))
            select null, null, (select count(*) from farandole.token_entry where processor = any (?))
            union all
            select processors, segments, null from farandole.instance
             where instance <> ? and seen_at > clock_timestamp() - ? * interval '1 millisecond'
            """;

    private final JdbcTemplate jdbc;

    InstanceTable(DataSource dataSource) {
        this.jdbc = new JdbcTemplate(dataSource);
    }

    /**
     * Another instance.
     *
     * @param processors those that it runs
     * @param segments how many segments it works on
     */
    record Other(Set<String> processors, int segments) {}

    /**
     * What an instance sees.
     *
     * @param total segments of the processors that the asking instance runs, whoever works on them
     * @param others the other instances that run
     */
    record Sight(int total, List<Other> others) {}

    /** Tells what this instance has, and answers what there is besides. */
    Sight confirm(String instance, Collection<String> processors, int segments) {
        String[] names = processors.toArray(String[]::new);
        int[] total = new int[1];
        List<Other> others = jdbc
                .query(
                        CONFIRM,
                        (result, row) -> {
                            Array running = result.getArray(1);
                            if (running == null) {
                                total[0] = result.getInt(3);
                                return new Other(Set.of(), -1);
                            }
                            return new Other(Set.of((String[]) running.getArray()), result.getInt(2));
                        },
                        instance,
                        names,
                        segments,
                        instance,
                        names,
                        instance,
                        ALIVE.toMillis())
                .stream()
                .filter(other -> other.segments() >= 0)
                .toList();
        return new Sight(total[0], others);
    }

    /** This instance ends. */
    void end(String instance) {
        jdbc.update("delete from farandole.instance where instance = ?", instance);
    }
}
