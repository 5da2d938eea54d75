package io.farandole.shop.order.coordination;

import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.shop.kernel.Money;
import io.farandole.shop.order.coordination.CoordinationCommand.SettleCoordination;
import io.farandole.shop.order.coordination.CoordinationEvent.CoordinationBegun;
import io.farandole.shop.order.ordering.Line;
import io.farandole.testkit.KeyedSagaFixture;
import io.farandole.testkit.SagaReaction;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A conducted order with every mixture of answers: each step done, refused, or not answered at first; each undoing done at once or after it
 * was refused. A sale is paid and sold; of whatever is none nothing is left, undone in reverse order.
 */
class EveryCoordinationTest {

    private static final String ID = "o-1";
    private static final Manner DONE = new Manner(0, ParticipantAnswer.done());
    private static final Manner REFUSED = new Manner(0, ParticipantAnswer.refused("no"));
    private static final Manner SILENT = new Manner(1, ParticipantAnswer.done());

    /** How a participant answers: first so often with no answer, or a refusal for an undoing, then so. */
    private record Manner(int before, ParticipantAnswer then) {

        ParticipantAnswer answer(CoordinationStep step, int asked) {
            if (asked > before) {
                return then;
            }
            return step == CoordinationStep.REFUND || step == CoordinationStep.RELEASE
                    ? ParticipantAnswer.refused("not now")
                    : ParticipantAnswer.unknown("no answer");
        }
    }

    private static Stream<Map<CoordinationStep, Manner>> mixtures() {
        List<Manner> forwards = new ArrayList<>();
        for (int before = 0; before < 3; before++) {
            forwards.add(new Manner(before, ParticipantAnswer.done()));
            forwards.add(new Manner(before, ParticipantAnswer.refused("no")));
        }
        List<Map<CoordinationStep, Manner>> all = new ArrayList<>();
        for (Manner reserve : List.of(DONE, REFUSED, SILENT)) {
            for (Manner charge : List.of(DONE, REFUSED, SILENT)) {
                for (Manner confirm : forwards) {
                    for (int refused = 0; refused < 9; refused++) {
                        Map<CoordinationStep, Manner> mixture = new EnumMap<>(CoordinationStep.class);
                        mixture.put(CoordinationStep.RESERVE, reserve);
                        mixture.put(CoordinationStep.CHARGE, charge);
                        mixture.put(CoordinationStep.CONFIRM, confirm);
                        mixture.put(CoordinationStep.REFUND, new Manner(refused / 3, ParticipantAnswer.done()));
                        mixture.put(CoordinationStep.RELEASE, new Manner(refused % 3, ParticipantAnswer.done()));
                        all.add(mixture);
                    }
                }
            }
        }
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("mixtures")
    void endsAsASaleOrWithNothingLeft(Map<CoordinationStep, Manner> mixture) {
        Walk walk = new Walk(mixture);
        walk.toItsEnd();

        List<CoordinationStep> steps = walk.asked.stream().distinct().toList();
        if (walk.answered(CoordinationStep.CONFIRM) == ParticipantAnswer.Kind.DONE) {
            assertThat(steps)
                    .containsExactly(CoordinationStep.RESERVE, CoordinationStep.CHARGE, CoordinationStep.CONFIRM);
            assertThat(walk.commands).isEmpty();
        } else {
            List<CoordinationStep> expected = new ArrayList<>(List.of(CoordinationStep.RESERVE));
            ParticipantAnswer.Kind reserved = Objects.requireNonNull(walk.answered(CoordinationStep.RESERVE));
            ParticipantAnswer.Kind charged = walk.answered(CoordinationStep.CHARGE);
            if (charged != null) {
                expected.add(CoordinationStep.CHARGE);
            }
            if (walk.answered(CoordinationStep.CONFIRM) != null) {
                expected.add(CoordinationStep.CONFIRM);
            }
            if (charged != null && charged != ParticipantAnswer.Kind.REFUSED) {
                expected.add(CoordinationStep.REFUND);
            }
            if (reserved != ParticipantAnswer.Kind.REFUSED) {
                expected.add(CoordinationStep.RELEASE);
            }
            assertThat(steps).isEqualTo(expected);
            assertThat(walk.commands).containsExactly(new SettleCoordination(ID));
        }
        assertThat(walk.saga.deadlines()).isEmpty();
    }

    /** One order, asked of participants one question after the other. */
    private static final class Walk {

        private final KeyedSagaFixture<OrderCoordination> saga = KeyedSagaFixture.of(OrderCoordination.class, ID);
        private final Map<CoordinationStep, Manner> mixture;
        private final Queue<CoordinationStep> open = new ArrayDeque<>();
        private final List<CoordinationStep> asked = new ArrayList<>();
        private final Map<CoordinationStep, ParticipantAnswer.Kind> answered = new EnumMap<>(CoordinationStep.class);
        private final Set<String> questions = new HashSet<>();
        private final List<Object> commands = new ArrayList<>();

        Walk(Map<CoordinationStep, Manner> mixture) {
            this.mixture = mixture;
        }

        /** What a step was answered with last; null if nobody was asked. */
        ParticipantAnswer.@Nullable Kind answered(CoordinationStep step) {
            return answered.get(step);
        }

        void toItsEnd() {
            Money price = new Money(990, "EUR");
            note(saga.handle(
                    new CoordinationBegun(ID, "c-1", List.of(new Line("p-1", 1, price)), price, "tok_secret")));
            for (int move = 0; move < 100 && !saga.hasEnded(); move++) {
                CoordinationStep step = open.poll();
                if (step == null) {
                    assertThat(saga.deadlines()).as("it waits for something").isNotEmpty();
                    note(saga.elapse(
                            Duration.between(saga.now(), saga.deadlines().get(0).dueAt())));
                    continue;
                }
                int times = (int) asked.stream().filter(step::equals).count();
                ParticipantAnswer answer =
                        Objects.requireNonNull(mixture.get(step)).answer(step, times);
                answered.put(step, answer.kind());
                note(saga.handle(step.after(ID, answer)));
            }
            assertThat(saga.hasEnded()).as("%s", saga.steps()).isTrue();
            assertThat(open).isEmpty();
        }

        private void note(SagaReaction reaction) {
            commands.addAll(reaction.commands());
            reaction.calls().forEach(call -> {
                assertThat(call.method()).isEqualTo("ParticipantCalls.ask");
                CoordinationStep step = (CoordinationStep)
                        Objects.requireNonNull(call.arguments().get(0));
                ParticipantRequest request = (ParticipantRequest)
                        Objects.requireNonNull(call.arguments().get(1));
                assertThat(request.paymentToken() != null)
                        .as("whoever charges is told how, nobody else")
                        .isEqualTo(step == CoordinationStep.CHARGE);
                assertThat(questions.add(step + " " + call.arguments().get(2)))
                        .as("a question of its own, or it would be the answer before")
                        .isTrue();
                asked.add(step);
                open.add(step);
            });
            assertThat(String.valueOf(saga.state()).contains("tok_secret"))
                    .as("the secret is kept until it is used or the order has ended, and no longer")
                    .isEqualTo(!asked.contains(CoordinationStep.CHARGE) && !saga.hasEnded());
        }
    }
}
