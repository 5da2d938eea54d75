package io.farandole.axon;

import io.farandole.axon.ParkedProcess.Status;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.axonframework.common.transaction.TransactionManager;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** {@link ParkedProcesses} over the tables of {@link ParkingTable}. */
final class StoredParkedProcesses implements ParkedProcesses {

    private static final String SELECT = "select p.*, (select count(*) from farandole.parked_event e"
            + " where e.processor = p.processor and e.process_key = p.process_key) as waiting"
            + " from farandole.parked_process p";
    private static final String OLDEST_FIRST = " order by first_failed_at, processor, process_key limit ?";

    private final JdbcTemplate jdbc;
    private final TransactionManager transactions;
    private final Runnable onRetry;

    StoredParkedProcesses(DataSource dataSource, TransactionManager transactions, Runnable onRetry) {
        this.jdbc = new JdbcTemplate(dataSource);
        this.transactions = transactions;
        this.onRetry = onRetry;
    }

    @Override
    public List<ParkedProcess> list(Status status, int limit) {
        return transactions.fetchInTransaction(() -> jdbc.query(
                SELECT + " where status = ?" + OLDEST_FIRST, (row, index) -> read(row), status.name(), limit));
    }

    @Override
    public List<ParkedProcess> list(@Nullable String processor, int limit) {
        return transactions.fetchInTransaction(() -> processor == null
                ? jdbc.query(SELECT + OLDEST_FIRST, (row, index) -> read(row), limit)
                : jdbc.query(
                        SELECT + " where processor = ?" + OLDEST_FIRST, (row, index) -> read(row), processor, limit));
    }

    @Override
    public Optional<ParkedProcess> find(String processor, String processKey) {
        return transactions.fetchInTransaction(() -> jdbc
                .query(
                        SELECT + " where processor = ? and process_key = ?",
                        (row, index) -> read(row),
                        processor,
                        processKey)
                .stream()
                .findFirst());
    }

    @Override
    public boolean retry(String processor, String processKey, String by, String reason) {
        requireText(by, "by");
        requireText(reason, "reason");
        boolean found = transactions.fetchInTransaction(() -> {
            // First the lock, then the record: it tells what the decision was about.
            int decided = jdbc.update(
                    "with decided as (select processor, process_key, error_class, attempts, failed_position"
                            + " from farandole.parked_process where processor = ? and process_key = ? for no key update)"
                            + " insert into farandole.parked_decision"
                            + " (processor, process_key, decision, decided_by, reason, error_class, attempts, position)"
                            + " select processor, process_key, 'RETRY', ?, ?, error_class, attempts, failed_position"
                            + " from decided",
                    processor,
                    processKey,
                    by,
                    reason);
            if (decided == 0) {
                return false;
            }
            jdbc.update(
                    "update farandole.parked_process set status = 'RETRYING', attempts = 0,"
                            + " next_attempt_at = clock_timestamp() where processor = ? and process_key = ?",
                    processor,
                    processKey);
            return true;
        });
        if (found) {
            afterCommit(onRetry);
        }
        return found;
    }

    @Override
    public Counts count() {
        return transactions.fetchInTransaction(() -> {
            List<Counts> counts = jdbc.query(
                    "select count(*) filter (where status = 'RETRYING'), count(*) filter (where status = 'PARKED'),"
                            + " (select count(*) from farandole.parked_event) from farandole.parked_process",
                    (row, index) -> new Counts(row.getLong(1), row.getLong(2), row.getLong(3)));
            return counts.get(0);
        });
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
                row.getString("stack_trace"),
                row.getLong("waiting"));
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        Timestamp timestamp = row.getTimestamp(column);
        return timestamp.toInstant();
    }

    private static void requireText(String value, String name) {
        if (value.isBlank()) {
            throw new IllegalArgumentException(
                    name + " must not be blank: a retry is recorded with who decided it and why");
        }
    }
}
