package io.farandole.axon;

import static io.farandole.axon.DecisionTable.instant;
import static io.farandole.axon.DecisionTable.instantOrNull;

import io.farandole.axon.InterventionAnswer.Outcome;
import io.farandole.messaging.failpoint.Failpoint;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.axonframework.common.IdentifierFactory;
import org.axonframework.common.transaction.TransactionManager;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Retries of whole groups, each a row of {@code farandole.parked_group_retry}. The instance that gets the row ({@code skip locked})
 * requests the next members and moves the row's cursor past them, in one transaction: whoever comes next goes on there, so a killed
 * instance's turn is either done or undone. The cursor runs along the list's order; what is set aside after the group retry began is
 * behind its end, so no process is retried twice by one, not even if it fails again at once.
 *
 * <p>Thread-safe. All but {@link #step} join the caller's transaction.
 */
final class GroupRetries {

    private static final int TURNS_PER_SECOND = 5;

    private static final String OF_GROUP = " p.status = 'PARKED' and p.first_failed_at <= g.started_at"
            + " and (g.processor is null or p.processor = g.processor)"
            + " and (g.fingerprint is null or p.fingerprint = g.fingerprint)"
            + " and (p.first_failed_at, p.processor, p.process_key) > (g.cursor_at, g.cursor_processor, g.cursor_key)";

    private static final String SELECT = "select g.*, d.resolved, d.failed_again, case when g.state = 'RUNNING' then"
            + " least(g.most - g.requested, (select count(*) from farandole.parked_process p where" + OF_GROUP
            + ")) else 0 end as remaining from farandole.parked_group_retry g cross join lateral"
            + " (select count(*) filter (where m.state = 'RESOLVED') as resolved,"
            + " count(*) filter (where m.state <> 'RESOLVED' and m.failed_attempts > 0) as failed_again"
            + " from farandole.parked_decision m where m.group_id = g.id) d";

    private final JdbcTemplate jdbc;
    private final TransactionManager transactions;
    private final Interventions interventions;

    GroupRetries(DataSource dataSource, TransactionManager transactions, Interventions interventions) {
        this.jdbc = new JdbcTemplate(dataSource);
        this.transactions = transactions;
        this.interventions = interventions;
    }

    private record Running(String id, int most, int perSecond, int requested, String by, String reason) {

        /** What a turn may request. */
        int share() {
            return Math.min(most - requested, Math.max(1, perSecond / TURNS_PER_SECOND));
        }
    }

    private record Member(Instant at, String processor, String processKey, String failedEventId) {}

    GroupRetry start(GroupRetryRequest request) {
        // Twice: the one that is running may end between the two statements.
        for (int attempt = 0; attempt < 2; attempt++) {
            String id = IdentifierFactory.getInstance().generateIdentifier();
            jdbc.update(
                    "insert into farandole.parked_group_retry (id, processor, fingerprint, most, per_second, decided_by,"
                            + " reason) values (?, ?, ?, ?, ?, ?, ?) on conflict do nothing",
                    id,
                    request.processor(),
                    request.fingerprint(),
                    request.most(),
                    request.perSecond(),
                    request.by(),
                    request.reason());
            List<GroupRetry> running = jdbc.query(
                    SELECT + " where g.state = 'RUNNING' and g.processor is not distinct from ?"
                            + " and g.fingerprint is not distinct from ?",
                    (row, index) -> read(row),
                    request.processor(),
                    request.fingerprint());
            if (!running.isEmpty()) {
                return running.get(0);
            }
        }
        throw new IllegalStateException("Other retries of the same group began and ended meanwhile: look at what they"
                + " left, and ask again if it is still wanted");
    }

    Optional<GroupRetry> cancel(String id, String by, String reason) {
        jdbc.update(
                "update farandole.parked_group_retry set state = 'CANCELLED', ended_at = clock_timestamp(),"
                        + " cancelled_by = ?, cancel_reason = ? where id = ? and state = 'RUNNING'",
                by,
                reason,
                id);
        return find(id);
    }

    Optional<GroupRetry> find(String id) {
        return jdbc.query(SELECT + " where g.id = ?", (row, index) -> read(row), id).stream()
                .findFirst();
    }

    List<GroupRetry> latest(int limit) {
        return jdbc.query(SELECT + " order by g.started_at desc limit ?", (row, index) -> read(row), limit);
    }

    /**
     * Does the next turn of a group retry that is due, in a transaction of its own.
     *
     * @return whether there was one
     */
    boolean step() {
        boolean stepped = transactions.fetchInTransaction(() -> {
            List<Running> due = jdbc.query(
                    "select * from farandole.parked_group_retry where state = 'RUNNING' and next_at <= clock_timestamp()"
                            + " order by next_at limit 1 for no key update skip locked",
                    (row, index) -> new Running(
                            row.getString("id"),
                            row.getInt("most"),
                            row.getInt("per_second"),
                            row.getInt("requested"),
                            row.getString("decided_by"),
                            row.getString("reason")));
            due.forEach(this::turn);
            if (!due.isEmpty()) {
                Failpoint.GROUP_RETRY_WRITTEN.reached();
            }
            return !due.isEmpty();
        });
        if (stepped) {
            Failpoint.GROUP_RETRY_COMMITTED.reached();
        }
        return stepped;
    }

    private void turn(Running group) {
        List<Member> members = jdbc.query(
                "select p.first_failed_at, p.processor, p.process_key, p.failed_event_id"
                        + " from farandole.parked_group_retry g cross join farandole.parked_process p"
                        + " where g.id = ? and" + OF_GROUP
                        + " order by p.first_failed_at, p.processor, p.process_key limit ?",
                (row, index) -> new Member(
                        instant(row, "first_failed_at"), row.getString(2), row.getString(3), row.getString(4)),
                group.id(),
                group.share());
        int requested = 0;
        for (Member member : members) {
            Intervention retry = new Intervention(
                    member.processor(),
                    member.processKey(),
                    member.failedEventId(),
                    Decision.RETRY,
                    group.by(),
                    group.reason());
            // Refused if a person has been faster: then it is not this group's any more.
            if (interventions.accept(retry, group.id()).outcome() == Outcome.ACCEPTED) {
                requested++;
            }
        }
        boolean done = members.size() < group.share() || group.requested() + requested >= group.most();
        advance(group, members.isEmpty() ? null : members.get(members.size() - 1), requested, done);
    }

    private void advance(Running group, @Nullable Member last, int requested, boolean done) {
        if (last != null) {
            jdbc.update(
                    "update farandole.parked_group_retry set requested = requested + ?, cursor_at = ?,"
                            + " cursor_processor = ?, cursor_key = ?,"
                            + " next_at = clock_timestamp() + ? * interval '1 second' / per_second where id = ?",
                    requested,
                    DecisionTable.sql(last.at()),
                    last.processor(),
                    last.processKey(),
                    requested,
                    group.id());
        }
        if (done) {
            jdbc.update(
                    "update farandole.parked_group_retry set state = 'DONE', ended_at = clock_timestamp() where id = ?",
                    group.id());
        }
    }

    private static GroupRetry read(ResultSet row) throws SQLException {
        return new GroupRetry(
                row.getString("id"),
                row.getString("processor"),
                row.getString("fingerprint"),
                row.getInt("most"),
                row.getInt("per_second"),
                row.getString("decided_by"),
                row.getString("reason"),
                GroupRetry.State.valueOf(row.getString("state")),
                instant(row, "started_at"),
                instantOrNull(row, "ended_at"),
                row.getLong("requested"),
                row.getLong("resolved"),
                row.getLong("failed_again"),
                row.getLong("remaining"));
    }
}
