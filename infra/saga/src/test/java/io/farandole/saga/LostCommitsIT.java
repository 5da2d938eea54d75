package io.farandole.saga;

import static io.farandole.testservers.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.saga.outside.Outcome;
import io.farandole.saga.outside.OutsideCall;
import io.farandole.saga.outside.OutsideCallHandler;
import io.farandole.saga.outside.OutsideCallObserver;
import io.farandole.saga.outside.OutsideCallSettings;
import io.farandole.saga.outside.OutsideCallView;
import io.farandole.saga.outside.OutsideCalls;
import io.farandole.saga.trip.TripMessages.ConfirmTrip;
import io.farandole.saga.trip.TripWorld;
import io.farandole.testservers.PostgresProxy;
import io.farandole.testservers.PostgresProxy.CommitFault;
import io.farandole.testservers.PostgresServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.axonframework.modelling.saga.SagaScopeDescriptor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Outside calls and deadlines where the answer to their commit is lost on the wire, or the commit itself. */
class LostCommitsIT {

    /** Longer than any test waits: no call is made again because its lease ran out. */
    private static final Duration LEASE = Duration.ofMinutes(10);

    private final PostgresProxy proxy = PostgresProxy.to(PostgresServer.shared());
    private final TripWorld world = new TripWorld(database -> proxy.url(database) + "?socketTimeout=2");
    private final Bank bank = new Bank();

    @AfterEach
    void close() {
        world.close();
        proxy.close();
    }

    /** What the provider said is recorded once, and it is not asked a second time: the answer is known here still. */
    @ParameterizedTest
    @EnumSource(CommitFault.class)
    void theResultOfAnOutsideCallIsRecordedOnceAndTheCallIsNotMadeAgain(CommitFault fault) {
        try (OutsideCalls calls = calls()) {
            calls.start();
            proxy.onCommitAfter("farandole.close_outside_calls", fault);
            world.transactions.executeInTransaction(
                    () -> calls.request(OutsideCall.of("charge", "t", new Bank.Charge("t"))));
            await().until(() -> proxy.struck() == 1);
            await().ignoreExceptions().until(() -> calls.list("t").get(0).status() == OutsideCallView.Status.DONE);
            // Others are recorded after it: whatever else was under way for the first one is over.
            world.transactions.executeInTransaction(
                    () -> calls.request(OutsideCall.of("charge", "u", new Bank.Charge("u"))));
            await().until(() -> world.told("u").size() == 1);
        }
        assertThat(world.told("t")).containsExactly("trip.trip-confirmed");
        assertThat(bank.keys).containsExactly("charge:t", "charge:u");
    }

    @ParameterizedTest
    @EnumSource(CommitFault.class)
    void aDeadlinePassesOnce(CommitFault fault) {
        world.transactions.executeInTransaction(() -> {
            for (int i = 0; i < 20; i++) {
                world.deadlines.schedule(
                        Duration.ZERO, "trip-limit", null, new SagaScopeDescriptor("TripSaga", "t-" + i));
            }
        });
        proxy.onCommitAfter("farandole.pass_deadlines", fault);
        world.deadlines.start();
        await().until(() -> proxy.struck() == 1);
        await().until(() -> world.admin
                .queryForList("select * from farandole.scheduled_tasks")
                .isEmpty());
        List<String> passed = world.admin.queryForList(
                "select process_key from farandole.journal where payload_type = 'farandole.deadline-passed'",
                String.class);
        assertThat(passed).hasSize(20).doesNotHaveDuplicates();
    }

    private OutsideCalls calls() {
        return new OutsideCalls(
                world.dataSource,
                world.transactions,
                world.commands,
                world.codec,
                List.of(bank),
                new OutsideCallSettings(
                        new OutsideCallSettings.Kind(
                                4, LEASE, Duration.ofMillis(50), Duration.ofMillis(200), Duration.ofMinutes(10)),
                        Map.of(),
                        Duration.ofMillis(20),
                        Duration.ofMillis(200),
                        3,
                        Duration.ofDays(7)),
                OutsideCallObserver.NONE);
    }

    private static final class Bank implements OutsideCallHandler<Bank.Charge, Bank.Answer> {

        record Charge(String tripId) {}

        record Answer(boolean accepted) {}

        private final List<String> keys = new CopyOnWriteArrayList<>();

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
            keys.add(idempotencyKey);
            return Outcome.known(new Answer(true));
        }

        @Override
        public Object command(Charge request, Answer result) {
            return new ConfirmTrip(request.tripId());
        }

        @Override
        public Answer onTimeLimit(Charge request) {
            return new Answer(false);
        }
    }
}
