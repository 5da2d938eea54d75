package io.farandole.axon;

import static io.farandole.axon.FailureKind.CONFLICT;
import static io.farandole.axon.FailureKind.DEFECT;
import static io.farandole.axon.FailureKind.FENCED;
import static io.farandole.axon.FailureKind.OUTAGE;
import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.axonframework.commandhandling.CommandExecutionException;
import org.axonframework.common.lock.DeadlockException;
import org.axonframework.eventhandling.tokenstore.UnableToClaimTokenException;
import org.axonframework.modelling.command.AggregateNotFoundException;
import org.axonframework.modelling.command.ConcurrencyException;
import org.axonframework.modelling.command.ConflictingAggregateVersionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.jdbc.CannotGetJdbcConnectionException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionSystemException;

class FailureKindTest {

    @ParameterizedTest
    @CsvSource({
        "40001, CONFLICT",
        "40P01, CONFLICT",
        "55P03, CONFLICT",
        "08006, OUTAGE",
        "08003, OUTAGE",
        "53300, OUTAGE",
        "57P01, OUTAGE",
        "57P03, OUTAGE",
        "58000, OUTAGE",
        "25006, OUTAGE",
        "23505, DEFECT",
        "23503, DEFECT",
        "22001, DEFECT",
        "42P01, DEFECT",
        "25P02, DEFECT",
        "57014, DEFECT"
    })
    void tellsFromTheSqlState(String state, FailureKind kind) {
        assertThat(FailureKind.of(new SQLException("message", state))).isEqualTo(kind);
        assertThat(FailureKind.of(
                        new IllegalStateException(new TransactionSystemException("x", new SQLException("y", state)))))
                .isEqualTo(kind);
    }

    @Test
    void versionConflictsAndLocksAreConflicts() {
        assertThat(FailureKind.of(new ConcurrencyException("x"))).isEqualTo(CONFLICT);
        assertThat(FailureKind.of(new ConflictingAggregateVersionException("a", 1, 2)))
                .isEqualTo(CONFLICT);
        assertThat(FailureKind.of(new DeadlockException("x"))).isEqualTo(CONFLICT);
        assertThat(FailureKind.of(new CannotAcquireLockException("x"))).isEqualTo(CONFLICT);
        assertThat(FailureKind.of(new OptimisticLockingFailureException("x"))).isEqualTo(CONFLICT);
        assertThat(FailureKind.of(new CommandExecutionException("x", new ConcurrencyException("y"))))
                .isEqualTo(CONFLICT);
        assertThat(FailureKind.of(new ProcessFailedException("k", new ConcurrencyException("y"))))
                .isEqualTo(CONFLICT);
    }

    @Test
    void aDatabaseThatIsAwayIsAnOutage() {
        assertThat(FailureKind.of(new CannotCreateTransactionException("x"))).isEqualTo(OUTAGE);
        assertThat(FailureKind.of(new CannotGetJdbcConnectionException("x"))).isEqualTo(OUTAGE);
        assertThat(FailureKind.of(new SQLTransientConnectionException("no connection within 5 s")))
                .isEqualTo(OUTAGE);
        assertThat(FailureKind.of(
                        new TransactionSystemException("rollback failed", new SQLException("Connection is closed"))))
                .isEqualTo(OUTAGE);
    }

    @Test
    void aLostSegmentAndMissingMemoryEndTheWork() {
        assertThat(FailureKind.of(new UnableToClaimTokenException("x"))).isEqualTo(FENCED);
        assertThat(FailureKind.of(new OutOfMemoryError())).isEqualTo(FENCED);
    }

    @Test
    void everythingElseIsADefect() {
        assertThat(FailureKind.of(new NullPointerException())).isEqualTo(DEFECT);
        assertThat(FailureKind.of(new StackOverflowError())).isEqualTo(DEFECT);
        assertThat(FailureKind.of(new AggregateNotFoundException("a", "x"))).isEqualTo(DEFECT);
        assertThat(FailureKind.of(new DuplicateKeyException("x", new SQLException("y", "23505"))))
                .isEqualTo(DEFECT);
        assertThat(FailureKind.of(new SQLException("message"))).isEqualTo(DEFECT);
    }

    @Test
    void endsAtARingOfCauses() {
        IllegalStateException first = new IllegalStateException("a");
        IllegalStateException second = new IllegalStateException("b", first);
        first.initCause(second);
        assertThat(FailureKind.of(first)).isEqualTo(DEFECT);
    }
}
