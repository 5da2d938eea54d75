package io.farandole.axon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.SimpleCommandBus;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.commandhandling.gateway.DefaultCommandGateway;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.axonframework.modelling.command.ConcurrencyException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConflictRetrySchedulerTest {

    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor();
    private final SimpleCommandBus bus = SimpleCommandBus.builder().build();
    private final CommandGateway gateway = DefaultCommandGateway.builder()
            .commandBus(bus)
            .retryScheduler(new ConflictRetryScheduler(executor, 4))
            .build();
    private final AtomicInteger attempts = new AtomicInteger();

    @AfterEach
    void close() {
        executor.shutdown();
    }

    @Test
    void repeatsACommandThatMetAnotherWriter() {
        handle(new ConcurrencyException("somebody was faster"), 3);
        assertThat(gateway.<Object>sendAndWait("command", 5, TimeUnit.SECONDS)).isEqualTo("done");
        assertThat(attempts).hasValue(4);
    }

    @Test
    void givesUpAfterSoManyAttempts() {
        handle(new ConcurrencyException("somebody was faster"), 100);
        assertThatThrownBy(() -> gateway.sendAndWait("command", 5, TimeUnit.SECONDS))
                .isInstanceOf(ConcurrencyException.class);
        assertThat(attempts).hasValue(4);
    }

    @Test
    void leavesARefusalAlone() {
        handle(new IllegalStateException("no"), 100);
        assertThatThrownBy(() -> gateway.sendAndWait("command", 5, TimeUnit.SECONDS))
                .isInstanceOf(IllegalStateException.class);
        assertThat(attempts).hasValue(1);
    }

    @Test
    void leavesTheCommandOfAStepToItsStep() {
        handle(new ConcurrencyException("somebody was faster"), 100);
        DefaultUnitOfWork<?> step = DefaultUnitOfWork.startAndGet(GenericCommandMessage.asCommandMessage("step"));
        try {
            assertThatThrownBy(() -> gateway.sendAndWait("command", 5, TimeUnit.SECONDS))
                    .isInstanceOf(ConcurrencyException.class);
        } finally {
            step.rollback();
        }
        assertThat(attempts).hasValue(1);
    }

    private void handle(RuntimeException failure, int failures) {
        bus.subscribe(String.class.getName(), command -> {
            if (attempts.incrementAndGet() <= failures) {
                throw failure;
            }
            return "done";
        });
    }
}
