package io.farandole.saga.barrier;

import java.time.Duration;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The guard of a participant: a step's action takes effect at most once, its compensation takes effect only after the
 * action, and an action that comes after its compensation is refused.
 *
 * <p>Call it first in the step's transaction, and act only on {@code PASS}. Each call is one SQL function that joins the
 * current transaction; the insert by primary key decides, so of two sessions that come at once the second waits for the
 * first to commit or roll back, and then sees what it did. A rolled-back step leaves no trace. Thread-safe.
 */
public final class Barrier {

    /** What a forward step may do. */
    public enum Forward {
        /** Act: it is the first time. */
        PASS,
        /** Do nothing: it was done before (and may have been undone since). */
        DUPLICATE,
        /** Refuse: it was compensated before it came. */
        REFUSED
    }

    /** What a compensation may do. */
    public enum Compensation {
        /** Undo the step: it was done, and not undone yet. */
        PASS,
        /** Do nothing: it was compensated before. */
        DUPLICATE,
        /** Undo nothing: the step has not come. A tombstone is left, so that it is refused if it still comes. */
        EMPTY
    }

    private final JdbcTemplate jdbc;

    /** A barrier over {@code farandole.barrier}. */
    public Barrier(DataSource dataSource) {
        this.jdbc = new JdbcTemplate(dataSource);
    }

    /**
     * Passes a step's action through the barrier.
     *
     * @param processKey of the process, such as an order id
     * @param step its name, such as {@code reserve}
     */
    public Forward forward(String processKey, String step) {
        return Forward.valueOf(ask("select farandole.barrier_forward(?, ?)", processKey, step));
    }

    /** Passes a step's compensation through the barrier. */
    public Compensation compensate(String processKey, String step) {
        return Compensation.valueOf(ask("select farandole.barrier_compensate(?, ?)", processKey, step));
    }

    /**
     * Forgets what was last touched longer ago than {@code window}; a duplicate or late step after that would pass, so keep
     * it far above the longest time that a message can be on its way (30 days is a good value).
     *
     * @param limit most rows to delete in this call
     * @return rows deleted
     */
    public int purge(Duration window, int limit) {
        return jdbc.update(
                "delete from farandole.barrier where (process_key, step) in (select process_key, step"
                        + " from farandole.barrier where touched_at < clock_timestamp() - ? * interval '1 millisecond'"
                        + " order by touched_at limit ?)",
                window.toMillis(),
                limit);
    }

    private String ask(String sql, String processKey, String step) {
        String answer = jdbc.queryForObject(sql, String.class, processKey, step);
        if (answer == null) {
            throw new IllegalStateException(
                    "The barrier gave no answer for step " + step + " of process " + processKey);
        }
        return answer;
    }
}
