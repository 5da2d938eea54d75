package io.farandole.saga.step;

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the steps that a saga class declares, and refuses what makes no sense, in a sentence that names the step. */
final class StepPlanReader {

    private final Class<?> type;
    private final Predicate<Class<?>> hears;
    private final Set<String> deadlines;
    private final UnaryOperator<String> properties;
    private final List<String> compensated;

    StepPlanReader(Class<?> type, Predicate<Class<?>> hears, Set<String> deadlines, UnaryOperator<String> properties) {
        this.type = type;
        this.hears = hears;
        this.deadlines = deadlines;
        this.properties = properties;
        this.compensated = methods(type)
                .flatMap(method -> Stream.ofNullable(method.getAnnotation(Compensates.class)))
                .map(Compensates::value)
                .toList();
    }

    private static Stream<Method> methods(Class<?> type) {
        return Stream.<Class<?>>iterate(type, each -> each != null && each != Object.class, Class::getSuperclass)
                .flatMap(each -> Stream.of(each.getDeclaredMethods()));
    }

    List<StepDeclaration> read() {
        List<StepDeclaration> steps = new ArrayList<>();
        Set<String> names = new HashSet<>();
        Set<String> kept = new HashSet<>();
        for (Step step : type.getAnnotationsByType(Step.class)) {
            String where = "Step '" + step.name() + "' of saga " + type.getName();
            require(!step.name().isBlank(), "A step of saga " + type.getName() + " has no name");
            require(!step.name().equals(StepView.UNDOING), where + " has the name of the undoing: give it another one");
            require(names.add(step.name()), where + " is declared twice: each step needs a name of its own");
            StepDeclaration declaration = read(step, where);
            TimeLimit limit = declaration.timeLimit();
            require(
                    limit == null || kept.add(limit.deadline()),
                    where + " has a time limit under the name '" + step.deadline()
                            + "' of another step's: give its deadline a name of its own");
            steps.add(declaration);
        }
        requireOneWayOfUndoing(steps);
        for (String name : compensated) {
            require(
                    names.contains(name),
                    "Saga " + type.getName() + " has a method @Compensates(\"" + name + "\"), but no such step; it has "
                            + names);
        }
        return steps;
    }

    private StepDeclaration read(Step step, String where) {
        require(
                step.completedBy().length > 0,
                where + " is completed by nothing: name the events by which it has succeeded");
        require(
                !step.begunBySaga() || step.startedBy().length == 0,
                where
                        + " is begun by the saga (begunBySaga), and by events as well (startedBy): leave one of them out");
        TimeLimit kept = timeLimit(step, where);
        StepDeclaration declaration = new StepDeclaration(
                step.name(),
                List.of(step.startedBy()),
                step.begunBySaga(),
                List.of(step.completedBy()),
                List.of(step.failedBy()),
                step.onFailure(),
                limit(step, kept, where),
                kept,
                undo(step, where),
                step.irreversible().isBlank() ? null : step.irreversible());
        requireHeard(declaration, where);
        return declaration;
    }

    private @Nullable TimeLimit timeLimit(Step step, String where) {
        if (step.timeLimit().isBlank()) {
            require(
                    step.onTimeLimit() == OnTimeLimit.STAY_OPEN,
                    where + " says what follows when its time limit has passed, but the framework keeps none: name it"
                            + " (timeLimit = ...)");
            return null;
        }
        String deadline = step.deadline().isBlank() ? StepPlan.limitOf(step.name()) : step.deadline();
        return new TimeLimit(duration(step.timeLimit(), where), deadline, step.onTimeLimit());
    }

    private Duration duration(String text, String where) {
        try {
            return TimeLimit.duration(properties.apply(text));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(where + " has the time limit " + text + ": " + e.getMessage(), e);
        }
    }

    private String limit(Step step, @Nullable TimeLimit kept, String where) {
        boolean deadline = !step.deadline().isBlank();
        boolean call = !step.outsideCall().isBlank();
        if (!deadline && !call && kept == null && isDoneAtOnce(step)) {
            return "nothing, it is done at once";
        }
        require(
                deadline || call || kept != null,
                where
                        + " has no time limit: say how long it may take (timeLimit = ...), or name the deadline that limits it"
                        + " (deadline = ...), or the kind of outside call that it is (outsideCall = ...)");
        require(
                !(call && (deadline || kept != null)),
                where + " has two time limits: name a deadline or an outside call");
        require(
                !deadline || deadlines.contains(step.deadline()),
                where + " is limited by deadline '" + step.deadline()
                        + "', but the saga has no @DeadlineHandler of that name");
        if (call) {
            return StepPlan.OUTSIDE_CALL + step.outsideCall();
        }
        return kept == null ? StepDeclaration.DEADLINE + step.deadline() : "time limit " + kept;
    }

    /** Whether whatever begins it completes it, so that nothing is ever awaited. */
    private static boolean isDoneAtOnce(Step step) {
        return step.startedBy().length > 0 && List.of(step.completedBy()).containsAll(List.of(step.startedBy()));
    }

    private @Nullable Undo undo(Step step, String where) {
        Compensation[] undo = step.compensation();
        long methods = compensated.stream().filter(step.name()::equals).count();
        require(undo.length <= 1, where + " has " + undo.length + " compensations: one undoes it all");
        require(
                undo.length == 1 || !step.irreversible().isBlank(),
                where
                        + " has no compensation: say what undoes it (compensation = ...), or why nothing does (irreversible = ...)");
        require(
                undo.length == 0 || step.irreversible().isBlank(),
                where + " has a compensation, and yet says that it is irreversible: leave one of them out");
        require(
                methods <= 1,
                where + " has " + methods + " methods @Compensates(\"" + step.name() + "\"): one undoes it");
        if (undo.length == 0) {
            require(
                    methods == 0,
                    where + " has a method @Compensates(\"" + step.name() + "\"), but says that it is irreversible");
            return null;
        }
        return undo[0].startedBy().length > 0
                ? byEvents(undo[0], methods, step, where)
                : bySaga(undo[0], methods, step, where);
    }

    private static Undo byEvents(Compensation undo, long methods, Step step, String where) {
        require(
                methods == 0,
                where + " is being undone from " + undo.startedBy()[0].getSimpleName()
                        + " on, and by the saga as well (@Compensates(\"" + step.name()
                        + "\")): leave one of them out");
        require(
                undo.completedBy().length > 0,
                where + " has a compensation without end: name the events by which it is undone");
        require(
                undo.failedBy().length == 0 && undo.timeLimit().isBlank() && !undo.barrier(),
                where
                        + " has a compensation that others begin: failedBy, timeLimit and barrier are for one that the saga"
                        + " begins itself (@Compensates)");
        return new Undo(List.of(undo.startedBy()), List.of(undo.completedBy()), List.of(), null, false);
    }

    private Undo bySaga(Compensation undo, long methods, Step step, String where) {
        require(
                methods == 1,
                where + " has a compensation that nothing begins: name the events from which on it is undone"
                        + " (startedBy = ...), or write the method that begins it (@Compensates(\"" + step.name()
                        + "\"))");
        boolean awaited = undo.completedBy().length > 0;
        require(
                awaited == !undo.timeLimit().isBlank(),
                where
                        + (awaited
                                ? " has a compensation without time limit: say how long it may take before it is told as overdue"
                                        + " (timeLimit = ...)"
                                : " is undone when its method returns, for its compensation names no events by which it is"
                                        + " undone: name them, or leave its time limit out"));
        require(
                awaited || undo.failedBy().length == 0,
                where
                        + " has a compensation that can be refused, but not be completed: name the events by which it is undone");
        TimeLimit limit = awaited
                ? new TimeLimit(
                        duration(undo.timeLimit(), where),
                        StepPlan.compensationLimitOf(step.name()),
                        OnTimeLimit.STAY_OPEN)
                : null;
        return new Undo(List.of(), List.of(undo.completedBy()), List.of(undo.failedBy()), limit, undo.barrier());
    }

    /** Two orders of undoing in one process, that of events and that of the framework, would know nothing of each other. */
    private void requireOneWayOfUndoing(List<StepDeclaration> steps) {
        List<String> bySaga = steps.stream()
                .filter(StepDeclaration::isCompensatedBySaga)
                .map(StepDeclaration::name)
                .toList();
        List<String> byEvents = steps.stream()
                .filter(step -> !step.compensationStartedBy().isEmpty())
                .map(StepDeclaration::name)
                .toList();
        require(
                bySaga.isEmpty() || byEvents.isEmpty(),
                "Saga " + type.getName() + " undoes the steps " + bySaga + " itself, and leaves the steps " + byEvents
                        + " to events: let it undo all of them, or none");
        for (StepDeclaration step : steps) {
            TimeLimit limit = step.timeLimit();
            require(
                    !bySaga.isEmpty()
                            || (step.onFailure() != OnFailure.COMPENSATE
                                    && (limit == null || limit.then() != OnTimeLimit.COMPENSATE)),
                    "Step '" + step.name() + "' of saga " + type.getName()
                            + " has the process undone, but the saga undoes no step itself: let its compensations name no"
                            + " events that begin them, and write the methods that do (@Compensates)");
        }
        long completed = methods(type)
                .filter(method -> method.isAnnotationPresent(CompensationCompleted.class))
                .count();
        require(
                bySaga.isEmpty() ? completed == 0 : completed == 1,
                bySaga.isEmpty()
                        ? "Saga " + type.getName() + " has a @CompensationCompleted method, but undoes no step itself"
                        : "Saga " + type.getName() + " undoes steps itself and has " + completed
                                + " @CompensationCompleted methods: one says what follows when all is undone, with"
                                + " @EndSaga beside it if the saga ends then");
    }

    private void requireHeard(StepDeclaration step, String where) {
        Stream.of(
                        step.startedBy(),
                        step.completedBy(),
                        step.failedBy(),
                        step.compensationStartedBy(),
                        step.compensationCompletedBy(),
                        step.compensationFailedBy())
                .flatMap(List::stream)
                .forEach(event -> require(
                        hears.test(event),
                        where + " names " + event.getName()
                                + ", for which the saga has no handler: it would not hear of it"));
    }

    private static void require(boolean holds, String sentence) {
        if (!holds) {
            throw new IllegalArgumentException(sentence);
        }
    }
}
