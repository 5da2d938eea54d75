package io.farandole.axon;

import static io.farandole.axon.Instance.ticks;
import static io.farandole.testservers.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.axonframework.common.transaction.NoTransactionManager;
import org.axonframework.eventhandling.EventHandlerInvoker;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.eventhandling.Segment;
import org.axonframework.eventhandling.tokenstore.inmemory.InMemoryTokenStore;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.spring.messaging.unitofwork.SpringTransactionManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;

class FarandoleModuleIT {

    private Lab lab;

    @BeforeEach
    void open() {
        lab = new Lab("module");
    }

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void refusesToWorkWithoutTransactions() {
        assertThatThrownBy(() -> FarandoleModule.builder(lab.pool(), NoTransactionManager.instance())
                        .build())
                .hasMessageContaining("no transaction manager")
                .hasMessageContaining("SpringTransactionManager");
    }

    @Test
    void refusesTheTransactionsOfAnotherDataSource() {
        Instance.Plan plan = lab.instance("a")
                .transactions(right -> new SpringTransactionManager(new DataSourceTransactionManager(lab.pool())))
                .processor("p", (event, jdbc) -> {});
        assertThatThrownBy(plan::start).rootCause().hasMessageContaining("does not manage the journal's data source");
    }

    @Test
    void refusesToForgetTokens() {
        Instance.Plan plan = lab.instance("a")
                .processor("p", (event, jdbc) -> {})
                .more(configurer ->
                        configurer.eventProcessing().registerTokenStore("p", c -> new InMemoryTokenStore()));
        assertThatThrownBy(plan::start).rootCause().hasMessageContaining("has a InMemoryTokenStore");
    }

    @Test
    void aCheckedExceptionRollsACommandBack() {
        Instance instance =
                lab.instance("a").processor("p", (event, jdbc) -> {}).start();
        instance.configuration().commandBus().subscribe(String.class.getName(), command -> {
            instance.configuration().eventStore().publish(GenericEventMessage.asEventMessage(new Ticked("k", 1)));
            throw new IOException("checked");
        });
        assertThatThrownBy(() -> instance.configuration().commandGateway().sendAndWait("command"))
                .rootCause()
                .hasMessageContaining("checked");
        assertThat(lab.jdbc().queryForObject("select count(*) from farandole.journal", Long.class))
                .isZero();
    }

    @Test
    void eventsOfACommandBelongToItsConversation() {
        Instance instance =
                lab.instance("a").processor("p", (event, jdbc) -> {}).start();
        instance.configuration().commandBus().subscribe(String.class.getName(), command -> {
            instance.configuration().eventStore().publish(GenericEventMessage.asEventMessage(new Ticked("k", 1)));
            return command.getIdentifier();
        });
        String commandId = instance.configuration().commandGateway().sendAndWait("command");
        assertThat(lab.jdbc().queryForMap("select process_key, correlation_id, causation_id from farandole.journal"))
                .containsEntry("process_key", "k")
                .containsEntry("correlation_id", commandId)
                .containsEntry("causation_id", commandId);
    }

    @Test
    void anInvokerPreparesEachBatchAndNamesTheProcessThatFailedWithIt() {
        Preparing invoker = new Preparing();
        Instance instance = lab.instance("a")
                .settings(Instance.QUICK.withSegments(1))
                .processor("p", invoker)
                .start();
        instance.publish(ticks("good", 1, 3));
        instance.publish(
                List.of(new Ticked("good", 4), new Ticked("bad", 1), new Ticked("good", 5), new Ticked("bad", 2)));
        await().until(() -> instance.parked().count().parked() == 1);
        assertThat(instance.parked().find("p", "bad").orElseThrow().errorMessage())
                .isEqualTo("state of bad");
        await().until(() -> invoker.committed.size() == 5);
        assertThat(invoker.committed).containsExactly("good-1", "good-2", "good-3", "good-4", "good-5");
        assertThat(invoker.unprepared).isEmpty();
    }

    @Test
    void aResetForgetsWhatIsParked() {
        Instance instance = lab.instance("a")
                .processor("p", (event, jdbc) -> {
                    if (event.number() == 2 && lab.effects("p", "k").size() < 2) {
                        throw new IllegalStateException("in the first run");
                    }
                })
                .start();
        instance.publish(ticks("k", 1, 3));
        await().until(() -> instance.parked().count().parked() == 1);
        instance.processor("p").shutDown();
        instance.processor("p").resetTokens();
        assertThat(instance.parked().count()).isEqualTo(new ParkedProcesses.Counts(0, 0, 0));
        instance.processor("p").start();
        await().until(() -> lab.effects("p", "k").equals(List.of(1, 1, 2, 3)));
    }

    /** Always busy, and never with a batch waiting: the one that rests does fewer and larger batches, and all of the work. */
    @Test
    void aSegmentThatIsBusyAllTheTimeGathersLargerBatches() {
        batchesOf("first", 1); // while Java is cold, batches take long, and so are large anyway
        int untiring = batchesOf("untiring", 1);
        int resting = batchesOf("resting", 0.1);
        assertThat(resting).isLessThan(untiring * 2 / 3);
    }

    private int batchesOf(String name, double busyShare) {
        Set<String> batches = ConcurrentHashMap.newKeySet();
        Instance instance = lab.instance(name)
                .settings(Instance.QUICK.withSegments(1).withBusyShare(busyShare))
                .processor(
                        name,
                        (event, jdbc) -> batches.add(jdbc.queryForObject("select txid_current()::text", String.class)))
                .start();
        for (int number = 1; number <= 400; number++) {
            EventMessage<Ticked> event = GenericEventMessage.asEventMessage(new Ticked(name, number));
            instance.transactions()
                    .executeInTransaction(
                            () -> instance.configuration().eventStore().publish(event));
            LockSupport.parkNanos(2_000_000); // or a whole batch waits, and nobody rests
        }
        await().until(() -> lab.effects(name, name).size() == 400);
        assertThat(lab.effects(name, name))
                .isEqualTo(IntStream.rangeClosed(1, 400).boxed().toList());
        instance.close();
        return batches.size();
    }

    /** Writes the state of all processes at the end of a batch, as a saga store does. */
    private static final class Preparing implements EventHandlerInvoker, BatchPreparing {

        private final Queue<String> committed = new ConcurrentLinkedQueue<>();
        private final Queue<String> unprepared = new ConcurrentLinkedQueue<>();
        private final ThreadLocal<List<? extends EventMessage<?>>> prepared = ThreadLocal.withInitial(List::of);

        @Override
        public void prepare(List<? extends EventMessage<?>> batch, Segment segment) {
            prepared.set(List.copyOf(batch));
            List<String> names = batch.stream().map(Preparing::name).toList();
            CurrentUnitOfWork.get().afterCommit(u -> committed.addAll(names));
            CurrentUnitOfWork.get()
                    .onPrepareCommit(u -> batch.forEach(event -> {
                        if (ProcessKeys.of(event).equals("bad")) {
                            throw new ProcessFailedException("bad", new IllegalStateException("state of bad"));
                        }
                    }));
        }

        @Override
        public boolean canHandle(EventMessage<?> event, Segment segment) {
            return segment.matches(ProcessKeys.of(event));
        }

        @Override
        public void handle(EventMessage<?> event, Segment segment) {
            if (!prepared.get().contains(event)) {
                unprepared.add(name(event));
            }
        }

        private static String name(EventMessage<?> event) {
            Ticked ticked = (Ticked) event.getPayload();
            return ticked.key() + "-" + ticked.number();
        }
    }
}
