package io.farandole.saga.alert;

import io.farandole.messaging.failpoint.Failpoint;
import io.farandole.saga.outside.OutsideCall;
import io.farandole.saga.outside.OutsideCalls;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.axonframework.common.transaction.TransactionManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Finds processes that are parked and steps that are overdue, and tells of each once.
 *
 * <p>{@link #raise} inserts a row per finding, with a unique key that names the failure or the step: whichever instance is first
 * raises it, the others find it raised. Where there is a webhook, the request to call it is written in the same transaction: so
 * what is raised is told, at least once, also if the instance dies right after. The webhook gets the alert's id as
 * idempotency key each time. A finding is told again only if it is another one: the process failed at another event, or the
 * step was begun again. Thread-safe.
 */
public final class Alerts {

    private static final Logger log = LoggerFactory.getLogger(Alerts.class);

    /** The most that one transaction raises of each kind; more follow in the next. */
    public static final int BATCH = 100;

    private final String context;
    private final JdbcTemplate jdbc;
    private final TransactionManager transactions;
    private final OutsideCalls calls;
    private final @Nullable Duration tellWithin;
    private final AlertObserver observer;

    /**
     * What finds them.
     *
     * @param tellWithin for how long a {@link Webhook}, registered with {@code calls}, is tried for an alert; null if there is none
     */
    public Alerts(
            String context,
            DataSource dataSource,
            TransactionManager transactions,
            OutsideCalls calls,
            @Nullable Duration tellWithin,
            AlertObserver observer) {
        this.context = context;
        this.jdbc = new JdbcTemplate(dataSource);
        this.transactions = transactions;
        this.calls = calls;
        this.tellWithin = tellWithin;
        this.observer = observer;
    }

    /**
     * How many there are now, told or not.
     *
     * @param parked processes that wait for a person
     * @param overdue sagas with an open step whose time limit has passed
     */
    public record Counts(long parked, long overdue) {}

    /** How many there are now; one round trip, by index. */
    public Counts count() {
        List<Counts> counts = jdbc.query(
                "select (select count(*) from farandole.parked_process where status = 'PARKED'),"
                        + " (select count(*) from farandole.saga where overdue and ended_at is null)",
                (row, index) -> new Counts(row.getLong(1), row.getLong(2)));
        return counts.get(0);
    }

    /** Raises what is new; how many, at most twice {@link #BATCH}: call it again then. */
    public int raise() {
        List<Alert> raised = transactions.fetchInTransaction(() -> {
            List<Alert> found = jdbc.query(
                    "select id, kind, process_key, place, detail, since from farandole.raise_alerts(?)",
                    (row, index) -> read(row),
                    BATCH);
            if (tellWithin != null) {
                found.forEach(alert -> calls.request(new OutsideCall(
                        Webhook.KIND, alert.processKey(), alert, context + ":" + alert.id(), tellWithin)));
            }
            if (!found.isEmpty()) {
                Failpoint.ALERT_WRITTEN.reached();
            }
            return found;
        });
        if (!raised.isEmpty()) {
            Failpoint.ALERT_COMMITTED.reached();
        }
        raised.forEach(observer::raised);
        return raised.size();
    }

    /** Notes that an alert has been told, or that its time limit has passed without; in the current transaction. */
    public void told(AlertTold told) {
        if (told.answered()) {
            jdbc.update(
                    "update farandole.alert set told_at = coalesce(told_at, clock_timestamp()) where id = ?",
                    told.alertId());
        } else {
            log.error(
                    "The webhook did not take alert {} within {}; it is in farandole.alert, with told_at null",
                    told.alertId(),
                    tellWithin);
        }
    }

    /**
     * Forgets alerts whose cause is gone and that were raised longer ago than the retention. One whose cause is still there is
     * never forgotten: it would be told again.
     *
     * @param limit most rows to delete in this call
     * @return rows deleted
     */
    public int purge(Duration retention, int limit) {
        return jdbc.update(
                "delete from farandole.alert where id in (select a.id from farandole.alert a"
                        + " where a.raised_at < clock_timestamp() - ? * interval '1 millisecond'"
                        + " and not exists (select from farandole.parked_process p where p.process_key = a.process_key)"
                        + " and not exists (select from farandole.saga s where s.process_key = a.process_key and s.overdue)"
                        + " order by a.raised_at limit ?)",
                retention.toMillis(),
                limit);
    }

    private Alert read(ResultSet row) throws SQLException {
        return new Alert(
                row.getLong("id"),
                context,
                row.getString("kind"),
                row.getString("process_key"),
                row.getString("place"),
                row.getString("detail"),
                row.getTimestamp("since").toInstant());
    }
}
