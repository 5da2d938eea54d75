package io.farandole.saga;

import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.messaging.JsonCodec;
import io.farandole.saga.payroll.PayrollMessages.BookPayroll;
import io.farandole.saga.payroll.PayrollMessages.BookingRefused;
import io.farandole.saga.payroll.PayrollMessages.FundsRefused;
import io.farandole.saga.payroll.PayrollMessages.FundsReleased;
import io.farandole.saga.payroll.PayrollMessages.FundsReserved;
import io.farandole.saga.payroll.PayrollMessages.PaySalaries;
import io.farandole.saga.payroll.PayrollMessages.PayTaxes;
import io.farandole.saga.payroll.PayrollMessages.PayrollBooked;
import io.farandole.saga.payroll.PayrollMessages.PayrollCalculated;
import io.farandole.saga.payroll.PayrollMessages.PayrollNoted;
import io.farandole.saga.payroll.PayrollMessages.ReclaimSalaries;
import io.farandole.saga.payroll.PayrollMessages.ReclaimTaxes;
import io.farandole.saga.payroll.PayrollMessages.ReleaseFunds;
import io.farandole.saga.payroll.PayrollMessages.ReleaseRefused;
import io.farandole.saga.payroll.PayrollMessages.ReserveFunds;
import io.farandole.saga.payroll.PayrollMessages.SalariesPaid;
import io.farandole.saga.payroll.PayrollMessages.SalariesReclaimed;
import io.farandole.saga.payroll.PayrollMessages.SalariesRefused;
import io.farandole.saga.payroll.PayrollMessages.TaxesPaid;
import io.farandole.saga.payroll.PayrollMessages.TaxesReclaimed;
import io.farandole.saga.payroll.PayrollMessages.TaxesRefused;
import io.farandole.saga.payroll.PayrollSaga;
import io.farandole.saga.step.StepPlan;
import io.farandole.saga.step.StepStatus;
import io.farandole.saga.step.StepView;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.axonframework.commandhandling.SimpleCommandBus;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.commandhandling.gateway.DefaultCommandGateway;
import org.axonframework.deadline.GenericDeadlineMessage;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.messaging.annotation.ClasspathHandlerDefinition;
import org.axonframework.messaging.annotation.ClasspathParameterResolverFactory;
import org.axonframework.messaging.annotation.MultiParameterResolverFactory;
import org.axonframework.messaging.annotation.ParameterResolverFactory;
import org.axonframework.messaging.annotation.SimpleResourceParameterResolverFactory;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A payroll and its participants in memory: what was done is undone in reverse order, and nothing is left hanging, whatever comes when. */
class UndoingTest {

    private static final String KEY = "p";

    private final World world = new World();

    @Test
    void goesForwardsToItsEndIfNothingFails() {
        world.hear(new PayrollCalculated(KEY));
        world.work(new Random(1));
        assertThat(world.asked).containsExactlyInAnyOrder("ReserveFunds", "PaySalaries", "PayTaxes", "BookPayroll");
        assertThat(world.saga.ended()).isTrue();
        assertThat(world.limits).isEmpty();
        assertThat(world.undoing()).isNull();
    }

    @Test
    void undoesInReverseOrderWhatHasSucceededOneAfterTheOther() {
        world.hear(new PayrollCalculated(KEY));
        world.hear(new FundsReserved(KEY, "r-1"), new SalariesPaid(KEY), new TaxesPaid(KEY), new BookingRefused(KEY));
        assertThat(world.compensations()).containsExactly("ReclaimTaxes", "ReclaimSalaries");
        assertThat(world.undoing()).isEqualTo(StepStatus.COMPENSATING);
        world.hear(new SalariesReclaimed(KEY));
        assertThat(world.compensations()).as("taxes are not undone yet").hasSize(2);
        world.hear(new TaxesReclaimed(KEY));
        assertThat(world.compensations()).containsExactly("ReclaimTaxes", "ReclaimSalaries", "ReleaseFunds");
        assertThat(world.saga.ended()).isFalse();
        world.hear(new FundsReleased(KEY));
        assertThat(world.saga.ended()).isTrue();
        assertThat(world.undoing()).isEqualTo(StepStatus.COMPENSATED);
        assertThat(world.entry(StepView.UNDOING).error()).isEqualTo("step 'booking' has failed: BookingRefused");
        assertThat(world.limits).isEmpty();
    }

    @Test
    void awaitsWhatIsPendingAndUndoesItsLateSuccess() {
        world.hear(new PayrollCalculated(KEY));
        world.hear(new FundsReserved(KEY, "r-1"), new TaxesRefused(KEY));
        assertThat(world.compensations()).as("salaries may yet be paid").isEmpty();
        world.hear(new SalariesPaid(KEY));
        assertThat(world.compensations()).containsExactly("ReclaimSalaries");
        assertThat(world.asked).doesNotContain("BookPayroll");
        world.hear(new SalariesReclaimed(KEY));
        assertThat(world.compensations()).containsExactly("ReclaimSalaries", "ReleaseFunds");
    }

    @Test
    void awaitsWhatIsPendingAndLeavesItIfItFails() {
        world.hear(new PayrollCalculated(KEY));
        world.hear(new FundsReserved(KEY, "r-1"), new TaxesRefused(KEY), new SalariesRefused(KEY));
        assertThat(world.compensations()).containsExactly("ReleaseFunds");
    }

    @Test
    void undoesAtOnceWhatIsPendingWhereTheParticipantHasTheBarrier() {
        world.hear(new PayrollCalculated(KEY));
        world.hear(new FundsReserved(KEY, "r-1"), new SalariesRefused(KEY));
        assertThat(world.compensations()).containsExactly("ReclaimTaxes");
        world.hear(new TaxesPaid(KEY));
        assertThat(world.entry("taxes").status()).isEqualTo(StepStatus.COMPENSATING);
        world.hear(new TaxesReclaimed(KEY));
        assertThat(world.compensations()).containsExactly("ReclaimTaxes", "ReleaseFunds");
    }

    @Test
    void beginsNoStepOnceItIsBeingUndone() {
        world.hear(new PayrollCalculated(KEY));
        world.pass("(step) funds");
        assertThat(world.entry("funds").overdue()).isTrue();
        assertThat(world.entry("salaries").status()).isEqualTo(StepStatus.SKIPPED);
        world.hear(new FundsReserved(KEY, "r-1"));
        assertThat(world.asked).containsExactly("ReserveFunds", "ReleaseFunds r-1");
        world.hear(new FundsReleased(KEY));
        assertThat(world.saga.ended()).isTrue();
    }

    /** F27: the limit and the event that it waits for, in both orders. */
    @Test
    void whicheverOfLimitAndSuccessIsHeardFirstDecides() {
        world.hear(new PayrollCalculated(KEY), new FundsReserved(KEY, "r-1"));
        assertThat(world.limits).containsOnlyKeys("(step) salaries", "(step) taxes");
        world.pass("(step) funds");
        assertThat(world.undoing()).as("the limit came second").isNull();

        World other = new World();
        other.hear(new PayrollCalculated(KEY));
        other.pass("(step) funds");
        other.hear(new FundsReserved(KEY, "r-1"));
        assertThat(other.undoing()).as("the limit came first").isEqualTo(StepStatus.COMPENSATING);
        assertThat(other.entry("funds").status()).isEqualTo(StepStatus.COMPENSATING);
    }

    @Test
    void asksAgainForWhatWasRefusedAndThenFailsTheProcess() {
        world.hear(new PayrollCalculated(KEY));
        world.hear(new FundsReserved(KEY, "r-1"), new SalariesRefused(KEY), new TaxesReclaimed(KEY));
        for (int attempt = 1; attempt < 3; attempt++) {
            assertThat(world.entry("funds").attempt()).isEqualTo(attempt);
            world.hear(new ReleaseRefused(KEY));
            assertThat(world.entry("funds").error()).isEqualTo("ReleaseRefused");
            assertThat(world.limits).containsEntry("(compensation again) funds", Duration.ofMillis(100));
            world.pass("(compensation again) funds");
        }
        assertThat(world.compensations())
                .containsExactly("ReclaimTaxes", "ReleaseFunds", "ReleaseFunds", "ReleaseFunds");
        Exception refused = world.failure(new ReleaseRefused(KEY));
        assertThat(refused)
                .isInstanceOf(CompensationFailedException.class)
                .hasMessageContaining(
                        "step 'funds' of saga Payroll, process p, was refused 3 times, by ReleaseRefused");
        assertThat(Objects.requireNonNull(World.undoing.retryOf("e-" + world.heard))
                        .attempts())
                .isEqualTo(3);
    }

    @Test
    void tellsACompensationThatTakesTooLongAsOverdue() {
        world.hear(
                new PayrollCalculated(KEY),
                new FundsReserved(KEY, "r-1"),
                new TaxesRefused(KEY),
                new SalariesPaid(KEY));
        world.pass("(compensation) salaries");
        assertThat(world.entry("salaries").overdue()).isTrue();
        assertThat(world.entry("salaries").status()).isEqualTo(StepStatus.COMPENSATING);
    }

    @Test
    void callsHandlersThatBelongToNoStepWhileItIsBeingUndone() {
        world.hear(new PayrollCalculated(KEY), new FundsReserved(KEY, "r-1"), new TaxesRefused(KEY));
        world.hear(new PayrollNoted(KEY));
        assertThat(world.state()).contains("\"notes\":1");
    }

    @Test
    void anotherVersionWithoutTheStepRefusesToUndoIt() {
        world.hear(new PayrollCalculated(KEY), new FundsReserved(KEY, "r-1"));
        world.addForeign("bonus", StepStatus.SUCCEEDED, 2, 9);
        assertThat(world.failure(new TaxesRefused(KEY)))
                .hasMessageContaining(
                        "Step 'bonus' of saga Payroll, process p, is to be undone, but this version of the"
                                + " saga's class cannot: run a version that declares the step with @Compensates(\"bonus\")");
    }

    /**
     * Every schedule of the participants' outcomes, of limits that pass, of answers that come twice and of transactions that are
     * rolled back, by chance with a fixed seed: in the end nothing is left hanging, and never was anything undone too early.
     */
    @Test
    void leavesNothingHangingInWhateverOrderThingsHappen() {
        int undone = 0;
        for (int seed = 0; seed < 500; seed++) {
            Random random = new Random(seed);
            World any = new World();
            any.chance = random;
            any.hear(new PayrollCalculated(KEY));
            any.work(random);
            String story = "seed " + seed + ": " + any.story;
            assertThat(any.saga.ended()).as(story).isTrue();
            assertThat(any.limits).as(story).isEmpty();
            if (any.undoing() != null) {
                undone++;
                assertThat(any.effects).as(story).isEmpty();
                assertThat(any.undoing()).as(story).isEqualTo(StepStatus.COMPENSATED);
            } else {
                assertThat(any.effects).as(story).isEqualTo(EnumSet.allOf(Part.class));
            }
        }
        assertThat(undone).isBetween(100, 490);
    }

    /** Every order in which the three outcomes of parallel and following steps can come, each failing or succeeding. */
    @Test
    void undoesTheSameInEveryOrderOfThreeOutcomes() {
        for (List<Object> order :
                permutations(List.of(new FundsReserved(KEY, "r-1"), new SalariesPaid(KEY), new TaxesRefused(KEY)))) {
            World any = new World();
            any.hear(new PayrollCalculated(KEY));
            order.forEach(any::hear);
            any.hear(new SalariesReclaimed(KEY), new TaxesReclaimed(KEY), new FundsReleased(KEY));
            assertThat(any.compensations().stream().distinct())
                    .as("%s", order)
                    .contains("ReclaimSalaries", "ReleaseFunds");
            assertThat(any.saga.ended()).as("%s", order).isTrue();
        }
    }

    private static List<List<Object>> permutations(List<Object> of) {
        if (of.isEmpty()) {
            return List.of(List.of());
        }
        List<List<Object>> all = new ArrayList<>();
        for (Object first : of) {
            List<Object> rest = new ArrayList<>(of);
            rest.remove(first);
            for (List<Object> each : permutations(rest)) {
                List<Object> order = new ArrayList<>(List.of(first));
                order.addAll(each);
                all.add(order);
            }
        }
        return all;
    }

    private enum Part {
        FUNDS,
        SALARIES,
        TAXES,
        BOOKING
    }

    /** The saga and its participants. A message that is sent is delivered later, or, if it is an answer, perhaps twice. */
    private static final class World {

        final List<String> asked = new ArrayList<>();
        final List<Object> story = new ArrayList<>();
        final Map<String, Duration> limits = new LinkedHashMap<>();
        final Set<Part> effects = EnumSet.noneOf(Part.class);
        KeyedSaga<PayrollSaga> saga;
        int heard;

        @Nullable Random chance;

        private static final List<Object> commands = new ArrayList<>();
        private static final ParameterResolverFactory parameters = parameters();
        private static final SagaHandlers<PayrollSaga> handlers = new SagaHandlers<>(
                PayrollSaga.class, parameters, ClasspathHandlerDefinition.forClass(PayrollSaga.class));
        private static final StepPlan plan = StepPlan.of(
                PayrollSaga.class,
                "Payroll",
                handlers::mayHandle,
                Set.of(),
                text -> text.equals("${payroll.funds-limit}") ? "30 s" : text);
        private static final SagaStateCodec<PayrollSaga> states = new SagaStateCodec<>(
                PayrollSaga.class, PayrollSaga::new, 1, SagaStateCodec.NO_OLDER_VERSION, new JsonCodec());
        private static final Undoing<PayrollSaga> undoing = new Undoing<>(PayrollSaga.class, plan, parameters);
        private static final SagaReactions<PayrollSaga> reactions =
                new SagaReactions<>(plan, handlers, states, resource -> {}, undoing, SagaObserver.NONE);

        private final List<Object> onTheWay = new ArrayList<>();
        private final Map<Part, Object> answers = new EnumMap<>(Part.class);
        private final Set<Part> tombstones = new HashSet<>();
        private int refusals;

        /** The gateway that handlers are given leads here. */
        private static ParameterResolverFactory parameters() {
            SimpleCommandBus bus = SimpleCommandBus.builder().build();
            for (Class<?> command : List.of(
                    ReserveFunds.class,
                    PaySalaries.class,
                    PayTaxes.class,
                    BookPayroll.class,
                    ReleaseFunds.class,
                    ReclaimSalaries.class,
                    ReclaimTaxes.class)) {
                bus.subscribe(command.getName(), message -> commands.add(message.getPayload()));
            }
            CommandGateway gateway =
                    DefaultCommandGateway.builder().commandBus(bus).build();
            return MultiParameterResolverFactory.ordered(
                    ClasspathParameterResolverFactory.forClass(PayrollSaga.class),
                    new SimpleResourceParameterResolverFactory(List.of(gateway)));
        }

        World() {
            commands.clear();
            saga = loaded(null, List.of(), false, limits);
        }

        private KeyedSaga<PayrollSaga> loaded(
                @Nullable PayrollSaga instance,
                List<StepView> entries,
                boolean ended,
                Map<String, Duration> scheduled) {
            StepLimits kept = new StepLimits() {
                @Override
                public void schedule(String deadline, Duration in) {
                    scheduled.put(deadline, in);
                }

                @Override
                public void cancel(String deadline) {
                    scheduled.remove(deadline);
                }
            };
            Clock clock = Clock.fixed(Instant.parse("2026-03-01T12:00:00Z"), ZoneOffset.UTC);
            return new KeyedSaga<>("Payroll", KEY, 1, instance, ended, new StepLog(plan, entries, clock, kept));
        }

        /** Each event in a transaction of its own; some are rolled back at their end, and handled again. */
        void hear(Object... events) {
            for (Object event : events) {
                Exception failure = failure(event);
                if (failure != null) {
                    throw new AssertionError(story.toString(), failure);
                }
            }
        }

        @Nullable Exception failure(Object event) {
            heard++;
            return handle(new GenericEventMessage<>(event));
        }

        void pass(String deadline) {
            heard++;
            limits.remove(deadline);
            Exception failure = handle(new GenericDeadlineMessage<>(deadline));
            if (failure != null) {
                throw new AssertionError(story.toString(), failure);
            }
        }

        private @Nullable Exception handle(EventMessage<?> message) {
            story.add(
                    message.getPayload() == null
                            ? ((GenericDeadlineMessage<?>) message).getDeadlineName()
                            : message.getPayload());
            if (chance != null && chance.nextInt(5) == 0) {
                String before = state();
                attempt(message, new LinkedHashMap<>(limits));
                commands.clear();
                assertThat(state()).isEqualTo(before);
            }
            Attempt attempt = attempt(message, limits);
            if (attempt.failure() == null) {
                saga = stored(attempt.saga());
                commands.forEach(this::send);
            }
            commands.clear();
            return attempt.failure();
        }

        private record Attempt(KeyedSaga<PayrollSaga> saga, @Nullable Exception failure) {}

        private Attempt attempt(EventMessage<?> message, Map<String, Duration> scheduled) {
            KeyedSaga<PayrollSaga> tried = loaded(
                    saga.instance() == null ? null : states.read(state(), 1, KEY, new UnknownFields()),
                    KeyedSagaStore.steps(KeyedSagaStore.json(saga.steps().entries())),
                    saga.ended(),
                    scheduled);
            UnitOfWork<EventMessage<?>> unit = DefaultUnitOfWork.startAndGet(message);
            try {
                boolean deadline = message instanceof GenericDeadlineMessage<?>;
                reactions.handle(message, "e-" + heard, deadline ? null : handlers.match(message, KEY), tried);
                unit.commit();
                return new Attempt(tried, null);
            } catch (Exception e) {
                unit.rollback(e);
                return new Attempt(tried, e);
            }
        }

        private KeyedSaga<PayrollSaga> stored(KeyedSaga<PayrollSaga> written) {
            PayrollSaga instance = Objects.requireNonNull(written.instance());
            return loaded(
                    states.read(states.write(instance, new UnknownFields()), 1, KEY, new UnknownFields()),
                    KeyedSagaStore.steps(KeyedSagaStore.json(written.steps().entries())),
                    written.ended(),
                    limits);
        }

        String state() {
            return saga.instance() == null ? "" : states.write(saga.instance(), new UnknownFields());
        }

        private void send(Object command) {
            String name = command.getClass().getSimpleName();
            boolean first = asked.isEmpty() || asked.size() == 1;
            asked.add(command instanceof ReleaseFunds release && first ? name + " " + release.reservation() : name);
            story.add(name);
            requireInOrder(command);
            onTheWay.add(command);
        }

        /** Nothing is undone while something stands, or may yet stand, that was begun because of it. */
        private void requireInOrder(Object command) {
            if (command instanceof ReleaseFunds && chance != null) {
                assertThat(effects).as("%s", story).doesNotContain(Part.SALARIES, Part.TAXES);
                assertThat(onTheWay.stream()
                                .filter(PaySalaries.class::isInstance)
                                .filter(each -> !answers.containsKey(Part.SALARIES)))
                        .as("%s", story)
                        .isEmpty();
            }
            if (command instanceof ReclaimSalaries && chance != null) {
                assertThat(answers).as("%s", story).containsKey(Part.SALARIES);
            }
        }

        /** Delivers in any order until nothing is on the way; lets limits pass that are scheduled, now and then. */
        void work(Random random) {
            while (!onTheWay.isEmpty() || passesAgain(random)) {
                if (chance != null && !limits.isEmpty() && random.nextInt(12) == 0) {
                    pass(new ArrayList<>(limits.keySet()).get(random.nextInt(limits.size())));
                    continue;
                }
                if (!onTheWay.isEmpty()) {
                    deliver(onTheWay.remove(random.nextInt(onTheWay.size())), random);
                }
            }
        }

        private boolean passesAgain(Random random) {
            String again = "(compensation again) funds";
            if (limits.containsKey(again)) {
                pass(again);
                return true;
            }
            return false;
        }

        private void deliver(Object message, Random random) {
            boolean fails = chance != null && random.nextInt(4) == 0;
            if (message instanceof ReserveFunds) {
                forward(Part.FUNDS, fails, new FundsReserved(KEY, "r-1"), new FundsRefused(KEY), random);
            } else if (message instanceof PaySalaries) {
                forward(Part.SALARIES, fails, new SalariesPaid(KEY), new SalariesRefused(KEY), random);
            } else if (message instanceof PayTaxes) {
                forward(Part.TAXES, fails, new TaxesPaid(KEY), new TaxesRefused(KEY), random);
            } else if (message instanceof BookPayroll) {
                forward(Part.BOOKING, fails, new PayrollBooked(KEY), new BookingRefused(KEY), random);
            } else if (message instanceof ReleaseFunds) {
                if (fails && refusals++ < 2) {
                    onTheWay.add(new ReleaseRefused(KEY));
                } else {
                    undo(Part.FUNDS, new FundsReleased(KEY), random);
                }
            } else if (message instanceof ReclaimSalaries) {
                undo(Part.SALARIES, new SalariesReclaimed(KEY), random);
            } else if (message instanceof ReclaimTaxes) {
                undo(Part.TAXES, new TaxesReclaimed(KEY), random);
            } else {
                hear(message);
            }
        }

        /** A participant decides once, and says the same when it is asked again. */
        private void forward(Part part, boolean fails, Object done, Object refused, Random random) {
            if (answers.get(part) == null) {
                boolean succeeds = !fails && !tombstones.contains(part);
                if (succeeds) {
                    effects.add(part);
                }
                answers.put(part, succeeds ? done : refused);
            }
            answer(answers.get(part), random);
        }

        private void undo(Part part, Object undone, Random random) {
            effects.remove(part);
            tombstones.add(part);
            answer(undone, random);
        }

        private void answer(Object event, Random random) {
            onTheWay.add(event);
            if (chance != null && random.nextInt(6) == 0) {
                onTheWay.add(event);
            }
        }

        List<String> compensations() {
            return asked.stream()
                    .filter(name -> name.startsWith("Re") && !name.equals("ReserveFunds"))
                    .map(name -> name.split(" ", -1)[0])
                    .collect(Collectors.toList());
        }

        void addForeign(String step, StepStatus status, int began, int done) {
            List<StepView> entries = new ArrayList<>(saga.steps().entries());
            entries.add(new StepView(step, status, 1, Instant.EPOCH, Instant.EPOCH, "e-0", false, null, began, done));
            saga = loaded(saga.instance(), entries, false, limits);
        }

        @Nullable StepStatus undoing() {
            StepView entry = saga.steps().entry(StepView.UNDOING);
            return entry == null ? null : entry.status();
        }

        StepView entry(String step) {
            return Objects.requireNonNull(
                    saga.steps().entry(step),
                    () -> step + " in " + Arrays.asList(saga.steps().entries()));
        }
    }
}
