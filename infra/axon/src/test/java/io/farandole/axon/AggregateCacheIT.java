package io.farandole.axon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farandole.testservers.Patience;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.commandhandling.gateway.DefaultCommandGateway;
import org.axonframework.common.transaction.Transaction;
import org.axonframework.config.AggregateConfigurer;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two instances of a service, each of which keeps aggregates in memory, over one journal. */
class AggregateCacheIT {

    private final ScheduledExecutorService retries = Executors.newScheduledThreadPool(2);
    private Lab lab;
    private Instance first;
    private CommandGateway one;
    private CommandGateway other;

    @SuppressWarnings("NullAway.Init") // open() fills the fields
    AggregateCacheIT() {}

    @BeforeEach
    void open() {
        lab = new Lab("cache");
        first = instance("one");
        one = gateway(first);
        other = gateway(instance("other"));
    }

    @AfterEach
    void close() {
        retries.shutdownNow();
        lab.close();
    }

    private Instance instance(String name) {
        return lab.instance(name)
                .processor("p", (event, jdbc) -> {})
                .caching(AggregateConfigurer.defaultConfiguration(Counter.class))
                .start();
    }

    private CommandGateway gateway(Instance instance) {
        return DefaultCommandGateway.builder()
                .commandBus(instance.configuration().commandBus())
                .retryScheduler(new ConflictRetryScheduler(retries, ConflictRetryScheduler.DEFAULT_ATTEMPTS))
                .build();
    }

    /** As processes use them: each is used for a while, then never again, and there are always new ones. */
    @Test
    void whatIsInUseStaysHoweverManyHaveBeenUsedBefore() {
        AggregateCache cache = new AggregateCache(first.journal, 100);
        for (int i = 0; i < 5_000; i++) {
            cache.put("k-" + i, i);
            for (int used = Math.max(0, i - 90); used <= i; used += 10) {
                assertThat(cache.<String, Integer>get("k-" + used)).isEqualTo(used);
            }
        }
        assertThat(IntStream.range(0, 5_000).filter(i -> cache.containsKey("k-" + i)))
                .hasSize(100);
    }

    @Test
    void anEventAfterAnOldStateIsRefusedAndRepeated() {
        assertThat(tick(one)).isEqualTo(1);
        assertThat(tick(other)).isEqualTo(2);
        assertThat(tick(one)).isEqualTo(3);
        assertThat(tick(other)).isEqualTo(4);
        assertThat(numbers("k")).containsExactly(1, 2, 3, 4);
    }

    @Test
    void noDecisionToDoNothingIsTakenOnAnOldState() {
        tick(one);
        tick(other);
        int number = one.sendAndWait(new Counter.TickIfAt("k", 2));
        assertThat(number).isEqualTo(3);
        number = other.sendAndWait(new Counter.TickIfAt("k", 2));
        assertThat(number).isEqualTo(3);
        assertThat(numbers("k")).containsExactly(1, 2, 3);
    }

    @Test
    void noRefusalIsGivenOnAnOldState() {
        tick(one);
        tick(other);
        int number = one.sendAndWait(new Counter.RequireAt("k", 2));
        assertThat(number).isEqualTo(2);
        assertThatThrownBy(() -> one.sendAndWait(new Counter.RequireAt("k", 1))).hasMessageContaining("at 2");
    }

    @Test
    void whatWasRolledBackIsForgotten() {
        tick(one);
        assertThatThrownBy(() -> one.sendAndWait(new Counter.TickAndFail("k"))).hasMessageContaining("after the event");
        assertThat(tick(one)).isEqualTo(2);
        assertThat(numbers("k")).containsExactly(1, 2);
    }

    @Test
    void whatIsRolledBackWithTheBatchAroundItIsForgotten() {
        tick(one);
        UnitOfWork<?> batch = DefaultUnitOfWork.startAndGet(null);
        batch.attachTransaction(first.transactions());
        assertThat(tick(one)).isEqualTo(2);
        assertThat(tick(one)).isEqualTo(3);
        batch.rollback(new IllegalStateException("a later event of the batch failed"));
        assertThat(tick(one)).isEqualTo(2);
        assertThat(numbers("k")).containsExactly(1, 2);
    }

    /** Axon's units of work end without a rollback then. The next event would leave out a number that is in no journal. */
    @Test
    void whatAnErrorAtTheCommitKeptFromBeingCommittedIsForgotten() {
        tick(one);
        UnitOfWork<?> batch = DefaultUnitOfWork.startAndGet(null);
        Transaction transaction = first.transactions().startTransaction();
        batch.onCleanup(unit -> transaction.rollback());
        assertThat(tick(one)).isEqualTo(2);
        batch.onCommit(unit -> {
            throw new StackOverflowError("at the commit");
        });
        assertThatThrownBy(batch::commit).isInstanceOf(StackOverflowError.class);
        assertThat(tick(one)).isEqualTo(2);
        assertThat(numbers("k")).containsExactly(1, 2);
    }

    @Test
    void whatIsKeptIsNotLoadedAgain() {
        tick(one);
        int loads = Counter.LOADS.get();
        for (int i = 0; i < 20; i++) {
            tick(one);
        }
        assertThat(Counter.LOADS.get()).isEqualTo(loads);
    }

    /** Each command names the number that it saw, and ticks only at that: as many ticks as successes, and no number twice. */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void twoInstancesInAnyOrderCountAsOne(long seed) throws Exception {
        List<String> keys = List.of("a", "b", "c");
        keys.forEach(key -> one.sendAndWait(new Counter.Tick(key)));
        ExecutorService clients = Executors.newFixedThreadPool(6);
        try {
            List<Future<?>> ends = new ArrayList<>();
            for (int client = 0; client < 6; client++) {
                CommandGateway gateway = client % 2 == 0 ? one : other;
                Random random = new Random(seed * 31 + client);
                ends.add(clients.submit(() -> {
                    for (int i = 0; i < 60; i++) {
                        String key = keys.get(random.nextInt(keys.size()));
                        int number = gateway.sendAndWait(new Counter.TickIfAt(key, 0));
                        int reached = gateway.sendAndWait(new Counter.TickIfAt(key, number));
                        assertThat(reached).isGreaterThan(number);
                    }
                }));
            }
            for (Future<?> end : ends) {
                end.get(Patience.SECONDS, TimeUnit.SECONDS);
            }
        } finally {
            clients.shutdownNow();
        }
        for (String key : keys) {
            List<Integer> numbers = numbers(key);
            assertThat(numbers)
                    .isEqualTo(IntStream.rangeClosed(1, numbers.size()).boxed().toList());
        }
    }

    private static int tick(CommandGateway gateway) {
        return gateway.sendAndWait(new Counter.Tick("k"));
    }

    private List<Integer> numbers(String key) {
        return lab.jdbc()
                .queryForList(
                        "select (payload::json ->> 'number')::int from farandole.journal where aggregate_id = ?"
                                + " order by sequence",
                        Integer.class,
                        key);
    }
}
