package io.farandole.axon;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicReference;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.spring.messaging.unitofwork.SpringTransactionManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;

/** What other instances are told of a brake that one segment confirms while another one releases it. */
class SharedBrakeIT {

    private final OutageBrake own = new OutageBrake("p", 1);
    private final AtomicReference<Runnable> next = new AtomicReference<>(() -> {});
    private Lab lab;
    private BrakeTable table;
    private SharedBrake brake;

    @BeforeEach
    void open() {
        lab = new Lab("shared_brake");
        table = new BrakeTable(lab.pool());
        TransactionManager transactions = new SpringTransactionManager(new DataSourceTransactionManager(lab.pool()));
        TransactionManager afterTheOther = () -> {
            next.getAndSet(() -> {}).run();
            return transactions.startTransaction();
        };
        brake = new SharedBrake("p", own, table, afterTheOther, "a");
    }

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void isToldAndTakenBack() {
        fail();
        brake.confirm();
        assertThat(table.isBraked("p")).isTrue();
        brake.succeeded(System.nanoTime());
        assertThat(table.isBraked("p")).isFalse();
    }

    @Test
    void aReleaseThatComesBeforeTheConfirmationLeavesNothingBehind() {
        fail();
        next.set(() -> brake.succeeded(System.nanoTime()));
        brake.confirm();
        assertThat(own.isOn()).isFalse();
        assertThat(table.isBraked("p")).isFalse();
        assertThat(brake.isOnAnywhere()).isFalse();
    }

    @Test
    void aBrakeThatIsOnAgainByThenStaysTold() {
        fail();
        next.set(() -> {
            brake.succeeded(System.nanoTime());
            fail();
        });
        brake.confirm();
        assertThat(own.isOn()).isTrue();
        assertThat(table.isBraked("p")).isTrue();
        brake.open();
        assertThat(table.isBraked("p")).isFalse();
    }

    private void fail() {
        own.failed("k", new IllegalStateException("away"));
    }
}
