package io.farandole.saga.deadline;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.jdbc.PostgreSqlJdbcCustomization;
import com.github.kagkarlsson.scheduler.serializer.Serializer;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import io.farandole.messaging.JsonCodec;
import io.farandole.messaging.failpoint.Failpoint;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import javax.sql.DataSource;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.EventBus;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.messaging.ResultMessage;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has due deadlines pass. db-scheduler finds a due row and gives it to a worker; the worker takes it, and whatever else is
 * due, out of the table and appends the events in one transaction. So there is no moment between the two, and the other
 * workers, whose rows are gone, have nothing left to do.
 */
final class DeadlineWatch {

    private static final Logger log = LoggerFactory.getLogger(DeadlineWatch.class);
    private static final String AGGREGATE_TYPE = "farandole.deadline";
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final DataSource dataSource;
    private final DeadlineStore store;
    private final TransactionManager transactions;
    private final EventBus events;
    private final JsonCodec codec;
    private final DeadlineSettings settings;
    private final Clock clock;
    private @Nullable Scheduler scheduler;

    DeadlineWatch(
            DataSource dataSource,
            DeadlineStore store,
            TransactionManager transactions,
            EventBus events,
            JsonCodec codec,
            DeadlineSettings settings,
            Clock clock) {
        this.dataSource = dataSource;
        this.store = store;
        this.transactions = transactions;
        this.events = events;
        this.codec = codec;
        this.settings = settings;
        this.clock = clock;
    }

    synchronized void start() {
        if (scheduler != null) {
            return;
        }
        CustomTask<Void> task = Tasks.custom(DeadlineStore.TASK, Void.class)
                .onFailure((complete, operations) ->
                        operations.reschedule(complete, clock.instant().plus(RETRY)))
                .execute((instance, context) -> {
                    pass(instance.getId());
                    // The row was deleted in the transaction above, so there is nothing to complete.
                    return (complete, operations) -> {};
                });
        Scheduler created = Scheduler.create(dataSource, task)
                .tableName("farandole.scheduled_tasks")
                .schedulerName(new SchedulerName.Fixed("farandole-" + UUID.randomUUID()))
                .jdbcCustomization(new PostgreSqlJdbcCustomization(false, false))
                .commitWhenAutocommitDisabled(true)
                .serializer(new NoData())
                .clock(clock::instant)
                .pollingInterval(settings.pollInterval())
                .threads(settings.threads())
                .executorService(Executors.newFixedThreadPool(settings.threads(), DeadlineWatch::worker))
                .heartbeatInterval(settings.heartbeat())
                .missedHeartbeatsLimit(4)
                .deleteUnresolvedAfter(Duration.ofDays(3650))
                .shutdownMaxWait(Duration.ofSeconds(5))
                .build();
        created.start();
        scheduler = created;
    }

    /**
     * A thread that survives db-scheduler's complaint about a row that is gone after it was picked: a step has cancelled the
     * deadline in between, which is what it may do at any time.
     */
    private static Thread worker(Runnable work) {
        Thread thread = new Thread(work, "farandole-deadline");
        thread.setUncaughtExceptionHandler(
                (failed, e) -> log.info("A deadline was cancelled while it was being picked: {}", e.toString(), e));
        return thread;
    }

    synchronized void stop() {
        if (scheduler != null) {
            scheduler.stop();
            scheduler = null;
        }
    }

    /** Has a due deadline pass, together with others; alone, if the others fail. */
    void pass(String id) {
        try {
            pass(id, settings.batchSize() - 1);
        } catch (RuntimeException e) {
            if (settings.batchSize() == 1) {
                throw e;
            }
            log.warn("A batch of due deadlines could not pass; trying {} alone", id, e);
            pass(id, 0);
        }
    }

    private void pass(String id, int more) {
        Failpoint.DEADLINES_DUE.reached();
        UnitOfWork<EventMessage<?>> unit = new DefaultUnitOfWork<>(null);
        unit.start();
        unit.attachTransaction(transactions);
        ResultMessage<Integer> result = unit.executeWithResult(() -> {
            List<DeadlineStore.Row> rows = store.pass(id, clock.instant(), more);
            if (!rows.isEmpty()) {
                unit.onCommit(committing -> Failpoint.DEADLINES_WRITTEN.reached());
                unit.afterCommit(committed -> Failpoint.DEADLINES_COMMITTED.reached());
                events.publish(rows.stream().map(this::event).toList());
            }
            return rows.size();
        });
        if (result.isExceptional()) {
            throw result.exceptionResult() instanceof RuntimeException e
                    ? e
                    : new IllegalStateException("Deadline " + id + " could not pass", result.exceptionResult());
        }
    }

    private EventMessage<?> event(DeadlineStore.Row row) {
        Map<String, Object> metadata = new HashMap<>();
        codec.readTree(row.metadata())
                .properties()
                .forEach(entry -> metadata.put(entry.getKey(), entry.getValue().asString()));
        DeadlinePassed passed = new DeadlinePassed(
                row.id(),
                row.scope().sagaType(),
                row.scope().processKey(),
                row.scope().name(),
                row.dueAt(),
                row.payloadType(),
                row.payloadVersion(),
                row.payload());
        // The deadline's id names event and aggregate: the journal's unique index would refuse a second one.
        return new GenericDomainEventMessage<>(
                AGGREGATE_TYPE, row.id(), 0, passed, metadata, row.id(), clock.instant());
    }

    /** All is in columns: nothing is ever serialised, least of all as Java objects. */
    private static final class NoData implements Serializer {

        @Override
        public byte[] serialize(@Nullable Object data) {
            return new byte[0];
        }

        @Override
        @SuppressWarnings("NullAway") // db-scheduler's tasks without data have null
        public <D> D deserialize(Class<D> type, byte @Nullable [] data) {
            return null;
        }
    }
}
