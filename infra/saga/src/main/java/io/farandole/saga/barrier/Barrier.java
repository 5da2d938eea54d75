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
 *
 * <p>It holds for as long as it remembers: until {@link #purge} forgets what was not touched for a stated window, and of a process that
 * is still under way here never. With Spring Boot that is scheduled, {@code farandole.saga.barrier-retention}.
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

    // The rows are locked before they go, and looked at again once they are: a compensation that comes at this very
    // moment
    // renews its row, which stays then. What is locked is at work, and is left alone. The questions about the process
    // are
    // scalar, for a join might be planned as a look at all sagas that there are.
    private static final String PURGE =
            "with old as materialized (select b.process_key, b.step from farandole.barrier b"
                    + " where b.touched_at < clock_timestamp() - ? * interval '1 millisecond'"
                    + " and coalesce((select false from farandole.saga s"
                    + " where s.process_key = b.process_key and s.ended_at is null limit 1), true)"
                    + " and coalesce((select false from farandole.parked_process p where p.process_key = b.process_key limit 1), true)"
                    + " order by b.touched_at limit ? for update of b skip locked)"
                    + " delete from farandole.barrier b using old where b.process_key = old.process_key and b.step = old.step";

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
     * it far above the longest time that a message can be on its way (30 days is a good value). What belongs to a process that is
     * under way in this context is kept, however old: a saga of it has not ended, or it is set aside and waits for a person.
     *
     * @param limit most rows to delete in this call
     * @return rows deleted; fewer than the limit also where others are at work on some of them, which the next call finds
     */
    public int purge(Duration window, int limit) {
        return jdbc.update(PURGE, window.toMillis(), limit);
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
