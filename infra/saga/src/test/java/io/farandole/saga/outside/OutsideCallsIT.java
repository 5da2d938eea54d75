package io.farandole.saga.outside;

import static io.farandole.testservers.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farandole.messaging.Headers;
import io.farandole.saga.outside.OutsideCallView.Status;
import io.farandole.saga.trip.TripMessages.AbandonTrip;
import io.farandole.saga.trip.TripMessages.ConfirmTrip;
import io.farandole.saga.trip.TripWorld;
import io.farandole.testservers.Patience;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.axonframework.messaging.MetaData;
import org.axonframework.messaging.ResultMessage;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.support.TransactionSynchronizationManager;

class OutsideCallsIT {

    /** Leases and limits that are longer than any test waits: where they are to run out, a test says so. */
    private static final OutsideCallSettings QUICK = settings(Duration.ofMinutes(10), Duration.ofMinutes(10), 4, 3);

    private TripWorld world;
    private Bank bank;
    private Heard heard;
    private final List<OutsideCalls> open = new ArrayList<>();

    @BeforeEach
    void open() {
        world = new TripWorld();
        bank = new Bank();
        heard = new Heard();
    }

    @AfterEach
    void close() {
        open.forEach(OutsideCalls::close);
        world.close();
    }

    @Test
    void callsWithNoTransactionOpenAndRecordsTheResultByACommand() {
        List<Map<String, Object>> metadata = new CopyOnWriteArrayList<>();
        world.commands.registerHandlerInterceptor((unit, chain) -> {
            metadata.add(MetaData.from(unit.getMessage().getMetaData()));
            return chain.proceed();
        });
        OutsideCalls calls = started(QUICK);
        request(calls, "t");
        awaitTold("t", "trip.trip-confirmed");
        assertThat(bank.keys).containsExactly("charge:t");
        assertThat(bank.transactionOpen).containsExactly(false);
        assertThat(metadata).singleElement().satisfies(m -> assertThat(m.get(Headers.PROCESS_KEY))
                .isEqualTo("t"));
        assertThat(calls.list("t")).singleElement().satisfies(call -> {
            assertThat(call.status()).isEqualTo(Status.DONE);
            assertThat(call.attempts()).isEqualTo(1);
            assertThat(call.finishedAt()).isNotNull();
        });
    }

    @Test
    void neverMakesTheCallOfARolledBackStep() {
        OutsideCalls calls = started(QUICK);
        var transaction = world.transactions.startTransaction();
        calls.request(charge("t"));
        transaction.rollback();
        request(calls, "later");
        awaitTold("later", "trip.trip-confirmed");
        assertThat(bank.keys).containsExactly("charge:later");
        assertThat(calls.list("t")).isEmpty();
        assertThatThrownBy(() -> calls.request(charge("t")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("in the transaction of a step");
    }

    @Test
    void asksAgainUnderTheSameKeyWhileTheOutcomeIsUnknown() {
        bank.answers = key -> switch (bank.keys.size()) {
            case 1 -> Outcome.unknown("503");
            case 2 -> throw new IllegalStateException("connection reset");
            default -> Outcome.known(new Bank.Answer(true));
        };
        OutsideCalls calls = started(QUICK);
        request(calls, "t");
        awaitTold("t", "trip.trip-confirmed");
        assertThat(bank.keys).containsExactly("charge:t", "charge:t", "charge:t");
        assertThat(calls.list("t").get(0).attempts()).isEqualTo(3);
        assertThat(calls.list("t").get(0).lastError()).contains("connection reset");
    }

    @Test
    void recordsARefusalAsAResult() {
        bank.answers = key -> Outcome.known(new Bank.Answer(false));
        request(started(QUICK), "t");
        awaitTold("t", "trip.trip-abandoned");
        assertThat(bank.keys).hasSize(1);
    }

    @Test
    void givesUpWhenTheTimeLimitHasPassed() {
        bank.answers = key -> Outcome.unknown("503");
        OutsideCalls calls = started(settings(Duration.ofSeconds(30), Duration.ofSeconds(3), 4, 3));
        request(calls, "t");
        awaitTold("t", "trip.trip-abandoned");
        assertThat(world.jdbc.queryForObject(
                        "select payload from farandole.journal where payload_type = 'trip.trip-abandoned'",
                        String.class))
                .contains("bank-unavailable");
        assertThat(bank.keys).hasSizeGreaterThan(2).allMatch("charge:t"::equals);
        int made = bank.keys.size();
        assertThat(calls.list("t").get(0).status()).isEqualTo(Status.DONE);
        assertThat(calls.list("t").get(0).attempts()).isEqualTo(made);
        assertThat(heard.timeLimits.get()).isEqualTo(1);
    }

    @Test
    void recordsOnceWhenAWorkerSleepsPastItsLease() throws Exception {
        CountDownLatch wakeUp = new CountDownLatch(1);
        bank.answers = key -> {
            if (bank.keys.size() == 1) {
                awaitLatch(wakeUp);
            }
            return Outcome.known(new Bank.Answer(true));
        };
        OutsideCalls calls = started(settings(Duration.ofSeconds(3), Duration.ofSeconds(30), 4, 3));
        request(calls, "t");
        awaitTold("t", "trip.trip-confirmed");
        wakeUp.countDown();
        await().until(() -> heard.overtaken.get() == 1);
        assertThat(bank.keys).containsExactly("charge:t", "charge:t");
        assertThat(world.told("t")).containsExactly("trip.trip-confirmed");
        assertThat(calls.list("t").get(0).recordAttempts()).isZero();
    }

    @Test
    void makesTheCallAgainAfterItsWorkerWasKilled() {
        OutsideCalls dead = calls(settings(Duration.ofMillis(600), Duration.ofSeconds(30), 4, 3));
        request(dead, "t");
        // A worker claims it and is gone: nothing else happens until the lease has run out.
        List<OutsideCallStore.Claim> claims = new OutsideCallStore(world.dataSource)
                .claim(Map.of("charge", 5), settings(Duration.ofMillis(600), Duration.ofSeconds(30), 4, 3));
        assertThat(claims).hasSize(1);
        started(QUICK);
        awaitTold("t", "trip.trip-confirmed");
        assertThat(bank.keys).containsExactly("charge:t");
    }

    @Test
    void givesARunningCallBackAtShutdown() {
        CountDownLatch never = new CountDownLatch(1);
        bank.answers = key -> {
            awaitLatch(never);
            return Outcome.unknown("unreachable");
        };
        OutsideCalls calls = started(QUICK);
        request(calls, "t");
        await().until(() -> bank.keys.size() == 1);
        calls.close();
        assertThat(calls.list("t").get(0).status()).isEqualTo(Status.WAITING);
        bank.answers = key -> Outcome.known(new Bank.Answer(true));
        started(QUICK);
        awaitTold("t", "trip.trip-confirmed");
    }

    @Test
    void recordsAnAnswerThatComesOnAnInterruptedThreadAtShutdown() {
        CountDownLatch never = new CountDownLatch(1);
        bank.answers = key -> {
            try {
                awaitLatch(never);
            } catch (IllegalStateException e) {
                // The answer had come all the same; the thread keeps its interrupt, as it should.
                assertThat(Thread.currentThread().isInterrupted()).isTrue();
            }
            return Outcome.known(new Bank.Answer(true));
        };
        OutsideCalls calls = started(QUICK);
        request(calls, "t");
        await().until(() -> bank.keys.size() == 1);
        calls.close();
        assertThat(world.told("t")).containsExactly("trip.trip-confirmed");
        assertThat(calls.list("t").get(0).status()).isEqualTo(Status.DONE);
        assertThat(bank.keys).hasSize(1);
    }

    @Test
    void setsAResultAsideThatTheReceiverRefusesAndNeverDropsIt() {
        OutsideCalls calls = started(QUICK);
        request(calls, "refused-1");
        await().until(() -> calls.list(Status.FAILED, 10).size() == 1);
        OutsideCallView failed = calls.list(Status.FAILED, 10).get(0);
        assertThat(failed.processKey()).isEqualTo("refused-1");
        assertThat(failed.recordAttempts()).isEqualTo(3);
        assertThat(failed.attempts()).isEqualTo(1);
        assertThat(failed.lastError()).contains("decided already");
        assertThat(bank.keys).hasSize(1);
        assertThat(heard.givenUp.get()).isEqualTo(1);
        assertThat(calls.purge(100)).isZero();

        bank.commandForRefused = id -> new ConfirmTrip("accepted-" + id);
        assertThat(calls.retry(failed.id())).isTrue();
        awaitTold("accepted-refused-1", "trip.trip-confirmed");
        assertThat(bank.keys).as("the outcome was known").hasSize(1);
        assertThat(calls.list("refused-1").get(0).status()).isEqualTo(Status.DONE);
        assertThat(calls.retry(failed.id())).isFalse();
    }

    @Test
    void keepsAKnownResultAlsoPastTheTimeLimit() {
        AtomicInteger refusals = new AtomicInteger();
        world.commands.registerHandlerInterceptor((unit, chain) -> {
            if (refusals.incrementAndGet() <= 8) {
                throw new org.axonframework.modelling.command.ConcurrencyException("conflict");
            }
            return chain.proceed();
        });
        OutsideCalls calls = started(settings(Duration.ofSeconds(30), Duration.ofMillis(300), 4, 3));
        request(calls, "t");
        awaitTold("t", "trip.trip-confirmed");
        assertThat(bank.keys).hasSize(1);
        assertThat(calls.list("t").get(0).recordAttempts())
                .as("conflicts do not count")
                .isZero();
    }

    @Test
    void makesACallRequestedTwiceOnce() {
        OutsideCalls calls = started(QUICK);
        request(calls, "t");
        request(calls, "t");
        world.transactions.executeInTransaction(() -> calls.request(charge("t").withIdempotencyKey("second")));
        assertThatThrownBy(() -> world.transactions.executeInTransaction(
                        () -> calls.request(OutsideCall.of("charge", "t", new Bank.Charge("t", 99)))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("another content");
        await().until(() -> bank.keys.size() == 2);
        assertThat(bank.keys).containsExactlyInAnyOrder("charge:t", "second");
    }

    @Test
    void runsAtMostSoManyCallsOfAKindAtOnceAndAllInTheEnd() {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch four = new CountDownLatch(4);
        bank.answers = key -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            four.countDown();
            awaitLatch(four);
            now.decrementAndGet();
            return Outcome.known(new Bank.Answer(true));
        };
        OutsideCalls calls = started(QUICK);
        OutsideCalls second = calls(QUICK);
        world.transactions.executeInTransaction(
                () -> IntStream.range(0, 100).forEach(i -> calls.request(charge("many-" + i))));
        await().until(() -> bank.keys.size() >= 100);
        second.start();
        await().until(() -> world.count("select count(*) from farandole.outside_call where status = 'DONE'") == 100);
        assertThat(most.get()).isEqualTo(4);
        assertThat(bank.keys).hasSize(100).doesNotHaveDuplicates();
    }

    @Test
    void claimsAsManyAsThereArePlacesForAsTheyAreRequested() {
        OutsideCalls calls = startedAndNotPolling();
        CountDownLatch six = new CountDownLatch(1);
        bank.answers = key -> {
            awaitLatch(six);
            return Outcome.known(new Bank.Answer(true));
        };
        assertThat(requestInAStep(calls, "a", "b", "c", "d", "e", "f"))
                .containsExactly("RUNNING", "RUNNING", "RUNNING", "RUNNING", "WAITING", "WAITING");
        assertThat(requestInAStep(calls, "g")).as("others wait for a place").containsExactly("WAITING");
        six.countDown();
        awaitAllCallsDone();
        assertThat(bank.keys).contains("charge:a", "charge:g").doesNotHaveDuplicates();
        assertThat(world.count("select count(*) from farandole.outside_call where claim <> 1 or attempts <> 1"))
                .isZero();
        assertThat(heard.overtaken.get()).isZero();
    }

    @Test
    void givesPlacesBackThatWereNotUsed() {
        OutsideCalls calls = startedAndNotPolling();
        for (int i = 0; i < 10; i++) {
            assertThatThrownBy(() -> inAStep(() -> {
                        calls.request(charge("rolled-back"));
                        CurrentUnitOfWork.get().onPrepareCommit(unit -> {
                            throw new IllegalStateException("no");
                        });
                    }))
                    .hasMessage("no");
        }
        for (int i = 0; i < 10; i++) {
            inAStep(() -> calls.request(charge("the-same")));
        }
        awaitAllCallsDone();
        bank.answers = key -> Outcome.unknown("later");
        assertThat(requestInAStep(calls, "a", "b", "c", "d"))
                .as("all four places are free")
                .containsOnly("RUNNING");
        assertThat(calls.list("rolled-back")).isEmpty();
        assertThat(bank.keys.stream().filter("charge:the-same"::equals)).hasSize(1);
    }

    @Test
    void anotherWorkerMakesTheCallOfAProcessThatDiedAfterTheCommit() {
        OutsideCallStore.Request request = new OutsideCallStore.Request(
                "charge", "t", "charge:t", "{\"tripId\":\"t\",\"amount\":5}", "{}", Duration.ofSeconds(30));
        OutsideCallStore store = new OutsideCallStore(world.dataSource);
        List<OutsideCallStore.Claim> claims = new ArrayList<>();
        store.insert(List.of(request), Map.of(request, Duration.ofMillis(600)), claims::addAll);
        assertThat(claims).singleElement().satisfies(claim -> assertThat(claim.claim())
                .isEqualTo(1));
        started(QUICK);
        awaitTold("t", "trip.trip-confirmed");
        assertThat(bank.keys).containsExactly("charge:t");
    }

    @Test
    void leavesARequestThatIsWrittenEarlyInItsTransactionToBeClaimed() {
        OutsideCalls calls = started(QUICK);
        world.transactions.executeInTransaction(() -> {
            calls.request(charge("t"));
            assertThat(world.jdbc.queryForList("select status from farandole.outside_call", String.class))
                    .containsExactly("WAITING");
        });
        awaitTold("t", "trip.trip-confirmed");
    }

    /** And a little longer: a place is given back by the thread that made the call, soon after it has handed the result over. */
    private void awaitAllCallsDone() {
        await().pollDelay(Duration.ofMillis(300)).until(this::allCallsAreDone);
    }

    private boolean allCallsAreDone() {
        return world.count("select count(*) from farandole.outside_call where status <> 'DONE'") == 0;
    }

    /** With four places, after its first look at the table, during which nobody else gets one, and before any other. */
    private OutsideCalls startedAndNotPolling() {
        OutsideCallSettings quick = QUICK;
        OutsideCalls calls = started(new OutsideCallSettings(
                quick.defaults(), Map.of(), Duration.ofHours(1), Duration.ofHours(1), 3, quick.retention()));
        AtomicInteger first = new AtomicInteger();
        await().until(() ->
                requestInAStep(calls, "first-" + first.incrementAndGet()).equals(List.of("RUNNING")));
        awaitAllCallsDone();
        return calls;
    }

    /** Requests calls in one unit of work; how they were written right before its commit, in the order of the keys. */
    private List<String> requestInAStep(OutsideCalls calls, String... trips) {
        List<String> statuses = new ArrayList<>();
        inAStep(() -> {
            for (String trip : trips) {
                calls.request(charge(trip));
            }
            CurrentUnitOfWork.get()
                    .onCommit(unit -> statuses.addAll(world.jdbc.queryForList(
                            "select status from farandole.outside_call where process_key = any (?) order by process_key",
                            String.class,
                            (Object) trips)));
        });
        return statuses;
    }

    private void inAStep(Runnable step) {
        DefaultUnitOfWork<?> unit = DefaultUnitOfWork.startAndGet(null);
        unit.attachTransaction(world.transactions);
        ResultMessage<?> result = unit.executeWithResult(() -> {
            step.run();
            return true;
        });
        if (result.isExceptional()) {
            throw (RuntimeException) result.exceptionResult();
        }
    }

    @Test
    void recordsResultsThatWaitTogetherInOneTransaction() throws Exception {
        CountDownLatch goOn = holdTheFirstResult();
        OutsideCalls calls = started(QUICK);
        requestManyAndAwaitTheirAnswers(calls, "many-", 40);
        // Somebody took this one over while its result waited.
        assertThat(world.admin.update(
                        "update farandole.outside_call set claim = claim + 1 where process_key = 'many-20'"))
                .isEqualTo(1);
        goOn.countDown();
        await().until(() -> world.count("select count(*) from farandole.outside_call where status = 'DONE'") == 39);
        assertThat(world.count("select count(distinct xmin::text) from farandole.outside_call where status = 'DONE'"))
                .as("the first by itself, then the others")
                .isEqualTo(2);
        await().until(() -> heard.overtaken.get() == 1);
        assertThat(world.told("many-20")).isEmpty();
        assertThat(world.told("many-21")).containsExactly("trip.trip-confirmed");
        assertThat(world.count("select count(*) from farandole.journal")).isEqualTo(39);
    }

    @Test
    void recordsTheOthersThoughOneOfThemIsRefused() throws Exception {
        CountDownLatch goOn = holdTheFirstResult();
        OutsideCalls calls = started(QUICK);
        world.transactions.executeInTransaction(() -> calls.request(charge("first")));
        await().until(() -> bank.keys.size() == 1);
        world.transactions.executeInTransaction(() -> {
            IntStream.range(0, 10).forEach(i -> calls.request(charge("good-" + i)));
            calls.request(charge("refused-1"));
            IntStream.range(10, 20).forEach(i -> calls.request(charge("good-" + i)));
        });
        await().until(() -> bank.keys.size() == 22);
        goOn.countDown();
        await().until(() -> calls.list(Status.FAILED, 10).size() == 1);
        assertThat(world.count("select count(*) from farandole.outside_call where status = 'DONE'"))
                .isEqualTo(21);
        assertThat(world.count("select count(*) from farandole.journal")).isEqualTo(21);
        assertThat(calls.list("refused-1").get(0).recordAttempts()).isEqualTo(3);
        assertThat(bank.keys).as("no call is made twice").hasSize(22);
    }

    @Test
    void recordsTheOthersThoughOneOfThemThrowsAnError() throws Exception {
        CountDownLatch goOn = holdTheFirstResult();
        world.commands.registerHandlerInterceptor((unit, chain) -> {
            if (unit.getMessage().getPayload() instanceof ConfirmTrip confirm
                    && confirm.tripId().equals("broken")) {
                throw new StackOverflowError("broken");
            }
            return chain.proceed();
        });
        OutsideCalls calls = started(QUICK);
        requestManyAndAwaitTheirAnswers(calls, "before-", 5);
        request(calls, "broken");
        await().until(() -> bank.keys.size() == 6);
        goOn.countDown();
        await().until(() -> world.count("select count(*) from farandole.outside_call where status = 'DONE'") == 5);
        request(calls, "after");
        awaitTold("after", "trip.trip-confirmed");
        assertThat(world.told("broken")).isEmpty();
        assertThat(calls.list("broken").get(0).status()).isEqualTo(Status.RUNNING);
    }

    /** The first command that records a result waits for the latch; the others wait behind it. */
    private CountDownLatch holdTheFirstResult() {
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicInteger commands = new AtomicInteger();
        world.commands.registerHandlerInterceptor((unit, chain) -> {
            if (commands.incrementAndGet() == 1) {
                awaitLatch(goOn);
            }
            return chain.proceed();
        });
        return goOn;
    }

    private void requestManyAndAwaitTheirAnswers(OutsideCalls calls, String prefix, int count) {
        world.transactions.executeInTransaction(() -> calls.request(charge(prefix + 0)));
        await().until(() -> bank.keys.size() == 1);
        world.transactions.executeInTransaction(
                () -> IntStream.range(1, count).forEach(i -> calls.request(charge(prefix + i))));
        await().until(() -> bank.keys.size() == count);
    }

    @Test
    void wakesUpAfterTheCommit() {
        OutsideCallSettings lazy = new OutsideCallSettings(
                QUICK.defaults(), Map.of(), Duration.ofMinutes(5), Duration.ofMinutes(5), 3, Duration.ofDays(7));
        OutsideCalls calls = started(lazy);
        for (int i = 0; i < 5; i++) {
            request(calls, "t" + i);
            awaitTold("t" + i, "trip.trip-confirmed");
        }
    }

    @Test
    void forgetsFinishedCallsAfterTheirRetention() {
        OutsideCalls calls = started(QUICK);
        request(calls, "t");
        awaitTold("t", "trip.trip-confirmed");
        assertThat(calls.purge(100)).isZero();
        world.admin.update("update farandole.outside_call set finished_at = finished_at - interval '8 days'");
        assertThat(calls.purge(100)).isEqualTo(1);
        assertThat(calls.list("t")).isEmpty();
    }

    @Test
    void survivesTheLossOfAllItsConnections() {
        OutsideCalls calls = started(QUICK);
        request(calls, "before");
        awaitTold("before", "trip.trip-confirmed");
        world.database.terminateSessions();
        await().ignoreExceptions().until(() -> {
            request(calls, "after");
            return true;
        });
        awaitTold("after", "trip.trip-confirmed");
    }

    @Test
    void refusesWhatNoHandlerTakes() {
        OutsideCalls calls = calls(QUICK);
        assertThatThrownBy(() -> calls.request(OutsideCall.of("fax", "t", "x"))).hasMessageContaining("kind 'fax'");
        assertThatThrownBy(() -> calls.request(OutsideCall.of("charge", "t", "x")))
                .hasMessageContaining("take a");
        assertThatThrownBy(() -> new OutsideCalls(
                        world.dataSource,
                        world.transactions,
                        world.commands,
                        world.codec,
                        List.of(bank, bank),
                        QUICK,
                        heard))
                .hasMessageContaining("of kind 'charge'");
    }

    private OutsideCalls calls(OutsideCallSettings settings) {
        OutsideCalls calls = new OutsideCalls(
                world.dataSource, world.transactions, world.commands, world.codec, List.of(bank), settings, heard);
        open.add(calls);
        return calls;
    }

    private OutsideCalls started(OutsideCallSettings settings) {
        OutsideCalls calls = calls(settings);
        calls.start();
        return calls;
    }

    private void request(OutsideCalls calls, String trip) {
        world.transactions.executeInTransaction(() -> calls.request(charge(trip)));
    }

    private static OutsideCall charge(String trip) {
        return OutsideCall.of("charge", trip, new Bank.Charge(trip, 5));
    }

    private void awaitTold(String trip, String type) {
        await().ignoreExceptions().until(() -> world.told(trip).equals(List.of(type)));
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            if (!latch.await(Patience.SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("nobody came");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static OutsideCallSettings settings(Duration lease, Duration limit, int parallelism, int recordAttempts) {
        return new OutsideCallSettings(
                new OutsideCallSettings.Kind(parallelism, lease, Duration.ofMillis(50), Duration.ofMillis(200), limit),
                Map.of(),
                Duration.ofMillis(20),
                Duration.ofMillis(200),
                recordAttempts,
                Duration.ofDays(7));
    }

    private static final class Heard implements OutsideCallObserver {
        final AtomicInteger timeLimits = new AtomicInteger();
        final AtomicInteger overtaken = new AtomicInteger();
        final AtomicInteger givenUp = new AtomicInteger();

        @Override
        public void timeLimitPassed(String kind) {
            timeLimits.incrementAndGet();
        }

        @Override
        public void overtaken(String kind) {
            overtaken.incrementAndGet();
        }

        @Override
        public void recordFailed(String kind, boolean given) {
            if (given) {
                givenUp.incrementAndGet();
            }
        }
    }

    private static final class Bank implements OutsideCallHandler<Bank.Charge, Bank.Answer> {

        record Charge(String tripId, int amount) {}

        record Answer(boolean accepted) {}

        final List<String> keys = new CopyOnWriteArrayList<>();
        final List<Boolean> transactionOpen = new CopyOnWriteArrayList<>();
        volatile java.util.function.Function<String, Outcome<Answer>> answers = key -> Outcome.known(new Answer(true));
        volatile java.util.function.Function<String, Object> commandForRefused = ConfirmTrip::new;

        @Override
        public String kind() {
            return "charge";
        }

        @Override
        public Class<Charge> requestType() {
            return Charge.class;
        }

        @Override
        public Class<Answer> resultType() {
            return Answer.class;
        }

        @Override
        public Outcome<Answer> call(Charge request, String idempotencyKey) {
            transactionOpen.add(TransactionSynchronizationManager.isActualTransactionActive()
                    || TransactionSynchronizationManager.isSynchronizationActive());
            keys.add(idempotencyKey);
            return answers.apply(idempotencyKey);
        }

        @Override
        public Object command(Charge request, Answer result) {
            if (request.tripId().startsWith("refused")) {
                return commandForRefused.apply(request.tripId());
            }
            return result.accepted()
                    ? new ConfirmTrip(request.tripId())
                    : new AbandonTrip(request.tripId(), "bank-unavailable");
        }

        @Override
        public Answer onTimeLimit(Charge request) {
            return new Answer(false);
        }
    }
}
