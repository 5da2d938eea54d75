package io.farandole.axon;

import static io.farandole.axon.DecisionTable.instant;

import io.farandole.axon.InterventionAnswer.Outcome;
import io.farandole.axon.ParkedProcess.Status;
import io.farandole.messaging.failpoint.Failpoint;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** {@link ParkedProcesses} over the tables of {@link ParkingTable}. */
final class StoredParkedProcesses implements ParkedProcesses {

    /** Never p.*: a stack trace may be 100 KB and more. */
    private static final String SELECT = "select p.processor, p.process_key, p.status, p.attempts, p.first_failed_at,"
            + " p.last_failed_at, p.next_attempt_at, p.failed_event_id, p.failed_event_type, p.failed_position,"
            + " p.error_class, left(p.error_message, 1000) as error_message, p.fingerprint, p.decision_id,"
            + " (select count(*) from farandole.parked_event e"
            + " where e.processor = p.processor and e.process_key = p.process_key) as waiting"
            + " from farandole.parked_process p";

    private final JdbcTemplate jdbc;
    private final TransactionManager transactions;
    private final DecisionTable decisions;
    private final Interventions interventions;
    private final GroupRetries groups;
    private final Runnable onDecided;

    StoredParkedProcesses(
            DataSource dataSource,
            TransactionManager transactions,
            DecisionTable decisions,
            Interventions interventions,
            GroupRetries groups,
            Runnable onDecided) {
        this.jdbc = new JdbcTemplate(dataSource);
        this.transactions = transactions;
        this.decisions = decisions;
        this.interventions = interventions;
        this.groups = groups;
        this.onDecided = onDecided;
    }

    @Override
    public ParkedPage list(ParkedQuery query) {
        StringBuilder sql = new StringBuilder(SELECT).append(" where true");
        List<Object> parameters = new ArrayList<>();
        if (query.processKey() != null) {
            narrow(sql, parameters, " and p.process_key = ?", query.processKey());
        }
        if (query.processor() != null) {
            narrow(sql, parameters, " and p.processor = ?", query.processor());
        }
        if (query.status() != null) {
            narrow(sql, parameters, " and p.status = ?", query.status().name());
        }
        if (query.fingerprint() != null) {
            narrow(sql, parameters, " and p.fingerprint = ?", query.fingerprint());
        }
        if (!query.minimumAge().isZero()) {
            narrow(
                    sql,
                    parameters,
                    " and p.first_failed_at <= clock_timestamp() - ? * interval '1 millisecond'",
                    query.minimumAge().toMillis());
        }
        if (query.after() != null) {
            ParkedCursor after = ParkedCursor.parse(query.after());
            sql.append(" and (p.first_failed_at, p.processor, p.process_key) > (?, ?, ?)");
            parameters.add(DecisionTable.sql(after.at()));
            parameters.add(after.processor());
            parameters.add(after.processKey());
        }
        // One more than asked for tells whether there is a next page.
        sql.append(" order by p.first_failed_at, p.processor, p.process_key limit ?");
        parameters.add(query.limit() + 1);
        List<ParkedProcess> found =
                read(() -> jdbc.query(sql.toString(), (row, index) -> read(row), parameters.toArray()));
        if (found.size() <= query.limit()) {
            return new ParkedPage(found, null);
        }
        ParkedProcess last = found.get(query.limit() - 1);
        return new ParkedPage(
                found.subList(0, query.limit()),
                new ParkedCursor(last.firstFailedAt(), last.processor(), last.processKey()).toString());
    }

    private static void narrow(StringBuilder sql, List<Object> parameters, String condition, Object value) {
        sql.append(condition);
        parameters.add(value instanceof String text ? storable(text) : value);
    }

    @Override
    public Optional<ParkedProcess> find(String processor, String processKey) {
        return read(() -> jdbc
                .query(
                        SELECT + " where p.processor = ? and p.process_key = ?",
                        (row, index) -> read(row),
                        storable(processor),
                        storable(processKey))
                .stream()
                .findFirst());
    }

    @Override
    public Optional<String> stackTrace(String processor, String processKey) {
        return read(() -> jdbc
                .queryForList(
                        "select stack_trace from farandole.parked_process where processor = ? and process_key = ?",
                        String.class,
                        storable(processor),
                        storable(processKey))
                .stream()
                .findFirst());
    }

    @Override
    public List<FailureGroup> groups(@Nullable String processor, int limit) {
        String sql =
                "with g as (select processor, fingerprint, count(*) filter (where status = 'RETRYING') as retrying,"
                        + " count(*) filter (where status = 'PARKED') as parked, min(first_failed_at) as oldest,"
                        + " max(first_failed_at) as newest from farandole.parked_process"
                        + (processor == null ? "" : " where processor = ?")
                        + " group by processor, fingerprint order by count(*) desc, processor, fingerprint limit ?)"
                        + " select g.*, s.process_key, s.error_class, s.error_message from g cross join lateral"
                        + " (select p.process_key, p.error_class, left(p.error_message, 1000) as error_message"
                        + " from farandole.parked_process p where p.processor = g.processor and p.fingerprint = g.fingerprint"
                        + " order by p.first_failed_at limit 1) s order by g.retrying + g.parked desc, g.processor, g.fingerprint";
        Object[] parameters = processor == null ? new Object[] {limit} : new Object[] {storable(processor), limit};
        return read(() -> jdbc.query(
                sql,
                (row, index) -> new FailureGroup(
                        row.getString("processor"),
                        row.getString("fingerprint"),
                        row.getLong("retrying"),
                        row.getLong("parked"),
                        instant(row, "oldest"),
                        instant(row, "newest"),
                        row.getString("process_key"),
                        row.getString("error_class"),
                        row.getString("error_message")),
                parameters));
    }

    @Override
    public InterventionAnswer intervene(Intervention intervention) {
        if (CurrentUnitOfWork.isStarted() && !TransactionSynchronizationManager.isActualTransactionActive()) {
            // The journal's event would wait for the unit of work, and could be lost with it after the decision was
            // committed.
            throw new IllegalStateException(
                    "A decision is recorded in one transaction with its event: decide outside of a"
                            + " unit of work, or in one with a transaction");
        }
        InterventionAnswer answer = read(() -> interventions.accept(intervention, null));
        if (answer.outcome() == Outcome.ACCEPTED) {
            afterCommit(() -> {
                Failpoint.DECISION_COMMITTED.reached();
                onDecided.run();
            });
        }
        return answer;
    }

    @Override
    public List<ParkedDecision> decisions(String processor, String processKey) {
        return read(() -> decisions.latest(storable(processor), storable(processKey)));
    }

    @Override
    public Optional<ParkedDecision> decision(String decisionId) {
        return read(() -> decisions.find(storable(decisionId)));
    }

    @Override
    public GroupRetry retryGroup(GroupRetryRequest request) {
        GroupRetry started = read(() -> groups.start(request));
        afterCommit(onDecided);
        return started;
    }

    @Override
    public Optional<GroupRetry> cancelGroupRetry(String groupId, String by, String reason) {
        Intervention.requireSigned(by, reason);
        return read(() -> groups.cancel(storable(groupId), by, reason));
    }

    @Override
    public Optional<GroupRetry> groupRetry(String groupId) {
        return read(() -> groups.find(storable(groupId)));
    }

    @Override
    public List<GroupRetry> groupRetries(int limit) {
        return read(() -> groups.latest(limit));
    }

    @Override
    public Counts count() {
        return read(() -> {
            List<Counts> counts = jdbc.query(
                    "select count(*) filter (where status = 'RETRYING'), count(*) filter (where status = 'PARKED'),"
                            + " (select count(*) from farandole.parked_event) from farandole.parked_process",
                    (row, index) -> new Counts(row.getLong(1), row.getLong(2), row.getLong(3)));
            return counts.get(0);
        });
    }

    private <T> T read(Supplier<T> question) {
        return transactions.fetchInTransaction(question);
    }

    private static void afterCommit(Runnable task) {
        if (TransactionSynchronizationManager.isSynchronizationActive()) {
            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public void afterCommit() {
                    task.run();
                }
            });
        } else {
            task.run();
        }
    }

    /** PostgreSQL's text has no NUL, and refuses a question with one: without it, the question finds what it should, nothing. */
    private static String storable(String value) {
        return value.replace("\0", "\ufffd");
    }

    private static ParkedProcess read(ResultSet row) throws SQLException {
        Status status = Status.valueOf(row.getString("status"));
        return new ParkedProcess(
                row.getString("processor"),
                row.getString("process_key"),
                status,
                row.getInt("attempts"),
                instant(row, "first_failed_at"),
                instant(row, "last_failed_at"),
                status == Status.PARKED ? null : instant(row, "next_attempt_at"),
                row.getString("failed_event_id"),
                row.getString("failed_event_type"),
                row.getLong("failed_position"),
                row.getString("error_class"),
                row.getString("error_message"),
                row.getString("fingerprint"),
                row.getLong("waiting"),
                row.getString("decision_id"));
    }
}
