package io.farandole.shop.payment.charging;

import io.farandole.shop.kernel.Money;
import io.farandole.shop.payment.gateway.GatewayAnswer;
import io.farandole.shop.payment.gateway.InMemoryGateway;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.function.Supplier;
import org.axonframework.test.saga.SagaTestFixture;
import org.jspecify.annotations.Nullable;

/**
 * One order's payment, danced through in a seeded schedule: foreign events come in a given order, some of them twice; each
 * saga reads the journal at its own pace; each call to the provider takes effect and is answered at its own time, or never.
 */
final class Dance implements ProviderCalls {

    final List<Object> journal = new ArrayList<>();
    final InMemoryGateway gateway = new InMemoryGateway();
    private final Map<String, PaymentState> payments = new LinkedHashMap<>();
    private final List<SagaTestFixture<?>> sagas = new ArrayList<>();
    private final List<Integer> positions = new ArrayList<>();
    private final Map<String, Call> calls = new LinkedHashMap<>();
    private final Random random;
    private final boolean authorizationLost;
    private final boolean captureLost;

    Dance(long seed) {
        random = new Random(seed);
        authorizationLost = random.nextInt(5) == 0;
        captureLost = random.nextInt(5) == 0;
        for (Class<?> type : List.of(PaymentCollection.class, PaymentReversal.class, PaymentReturn.class)) {
            SagaTestFixture<?> fixture = new SagaTestFixture<>(type);
            fixture.registerResource(this);
            fixture.setCallbackBehavior((command, metadata) -> decide((PaymentCommand) command));
            sagas.add(fixture);
            positions.add(0);
        }
    }

    /** Lets it run until nothing is left to do. */
    void run(List<Object> foreign) {
        List<Object> coming = new ArrayList<>(foreign);
        List<Object> again = new ArrayList<>();
        for (int step = 0; step < 500; step++) {
            List<Runnable> moves = new ArrayList<>();
            if (!coming.isEmpty()) {
                moves.add(() -> {
                    Object event = coming.remove(0);
                    journal.add(event);
                    if (random.nextInt(3) == 0) {
                        again.add(event);
                    }
                });
            }
            if (!again.isEmpty()) {
                moves.add(() -> journal.add(again.remove(random.nextInt(again.size()))));
            }
            for (int i = 0; i < sagas.size(); i++) {
                int saga = i;
                if (positions.get(saga) < journal.size()) {
                    moves.add(() -> advance(saga));
                }
            }
            calls.values().stream().filter(call -> !call.closed).forEach(call -> moves.add(() -> proceed(call)));
            if (moves.isEmpty()) {
                return;
            }
            moves.get(random.nextInt(moves.size())).run();
        }
        throw new AssertionError("Still not at rest after 500 steps: " + journal);
    }

    /** Fails if a saga has not ended. */
    void expectAllSagasEnded() {
        sagas.forEach(saga -> saga.whenTimeElapses(Duration.ZERO).expectActiveSagas(0));
    }

    <T> List<T> journalled(Class<T> type) {
        return journal.stream().filter(type::isInstance).map(type::cast).toList();
    }

    @Override
    public void authorize(String orderId, Money amount, String token) {
        String key = orderId + ":authorize";
        ask(
                key,
                authorizationLost,
                () -> gateway.authorize(orderId, amount, token, key),
                answer -> new PaymentCommand.RecordAuthorization(orderId, answer));
    }

    @Override
    public void capture(String orderId, Money amount) {
        String key = orderId + ":capture";
        ask(
                key,
                captureLost,
                () -> gateway.capture(orderId, amount, key),
                answer -> new PaymentCommand.RecordCapture(orderId, answer));
    }

    @Override
    public void cancel(String orderId, Money amount) {
        String key = orderId + ":void";
        ask(
                key,
                false,
                () -> gateway.cancel(orderId, amount, key),
                answer -> new PaymentCommand.RecordVoid(orderId, answer));
    }

    @Override
    public void refund(String processKey, String orderId, Money amount) {
        String key = orderId + ":refund";
        ask(
                key,
                false,
                () -> gateway.refund(orderId, amount, key),
                answer -> new PaymentCommand.RecordRefund(orderId, answer));
    }

    private void ask(
            String key,
            boolean lost,
            Supplier<GatewayAnswer> effect,
            Function<GatewayAnswer, PaymentCommand> recording) {
        calls.computeIfAbsent(key, k -> new Call(lost, effect, recording));
    }

    private void proceed(Call call) {
        if (call.lost && random.nextBoolean()) {
            if (random.nextBoolean()) {
                call.answer = call.effect.get(); // it took place, and nobody hears of it
            }
            call.closed = true;
            decide(call.recording.apply(GatewayAnswer.unknown("time-limit")));
        } else if (call.answer == null || call.lost) {
            call.answer = call.effect.get();
        } else {
            call.closed = true;
            decide(call.recording.apply(call.answer));
        }
    }

    private void advance(int saga) {
        int position = positions.get(saga);
        positions.set(saga, position + 1);
        sagas.get(saga).givenAPublished(journal.get(position));
    }

    private boolean decide(PaymentCommand command) {
        PaymentState state = payments.getOrDefault(command.orderId(), PaymentState.NEW);
        List<PaymentEvent> events = command.decide(state);
        for (PaymentEvent event : events) {
            state = event.evolve(state);
        }
        payments.put(command.orderId(), state);
        journal.addAll(events);
        if (command instanceof PaymentCommand.CancelCharge) {
            return !state.phase().isSettled();
        }
        if (command instanceof PaymentCommand.ReturnCharge back) {
            return !state.answeredReturns().contains(back.returnId());
        }
        return state.phase().isCollecting();
    }

    private static final class Call {
        private final boolean lost;
        private final Supplier<GatewayAnswer> effect;
        private final Function<GatewayAnswer, PaymentCommand> recording;
        private @Nullable GatewayAnswer answer;
        private boolean closed;

        Call(boolean lost, Supplier<GatewayAnswer> effect, Function<GatewayAnswer, PaymentCommand> recording) {
            this.lost = lost;
            this.effect = effect;
            this.recording = recording;
        }
    }
}
