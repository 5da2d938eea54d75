package io.farandole.boot.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.dao.CannotAcquireLockException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionSystemException;

class OutagesTest {

    @ParameterizedTest
    @CsvSource({"08006, true", "08003, true", "57P01, true", "23505, false", "40001, false", "57014, false"})
    void tellsALostConnectionByItsState(String state, boolean lost) {
        Exception failure = new TransactionSystemException("x", new SQLException("y", state));
        assertThat(Outages.isConnectionLost(failure)).isEqualTo(lost);
        assertThat(Outages.isOutage(failure)).isEqualTo(lost);
    }

    /** A rollback that fails hides why there was one: the pool has closed the broken connection meanwhile. */
    @Test
    void takesAConnectionThatThePoolHasClosedForALostOne() {
        Exception failure =
                new TransactionSystemException("Unable to rollback", new SQLException("Connection is closed"));
        assertThat(Outages.isConnectionLost(failure)).isTrue();
        assertThat(Outages.isOutage(failure)).isTrue();
    }

    @Test
    void doesNotTakeAnythingElseForALostOne() {
        assertThat(Outages.isConnectionLost(new CannotCreateTransactionException("x")))
                .isFalse();
        assertThat(Outages.isConnectionLost(new CannotAcquireLockException("x")))
                .isFalse();
        assertThat(Outages.isOutage(new SQLException("no state"))).isFalse();
        assertThat(Outages.isOutage(new IllegalStateException("Connection is closed")))
                .isFalse();
    }
}
