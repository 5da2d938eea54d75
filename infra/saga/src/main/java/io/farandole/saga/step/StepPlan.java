package io.farandole.saga.step;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The steps that a saga class declares, checked. Immutable. */
public final class StepPlan {

    static final String OUTSIDE_CALL = "outside call ";
    private static final String STEP_LIMIT = "(step) ";
    private static final String COMPENSATION_LIMIT = "(compensation) ";
    private static final String COMPENSATION_AGAIN = "(compensation again) ";

    private final String saga;
    private final List<StepDeclaration> steps;
    private final boolean compensating;

    StepPlan(String saga, List<StepDeclaration> steps) {
        this.saga = saga;
        this.steps = List.copyOf(steps);
        this.compensating = steps.stream().anyMatch(StepDeclaration::isCompensatedBySaga);
    }

    /** As the other, for a class whose annotations name no properties. */
    public static StepPlan of(Class<?> type, String saga, Predicate<Class<?>> hears, Set<String> deadlines) {
        return of(type, saga, hears, deadlines, UnaryOperator.identity());
    }

    /**
     * The plan of a saga class; empty if it declares no steps.
     *
     * @param saga the name under which the saga is stored
     * @param hears whether the class has a handler for events of a class
     * @param deadlines the names of the deadlines that the class handles
     * @param properties puts in values for properties in <code>${}</code>
     * @throws IllegalArgumentException if a step has no time limit, can neither be undone nor says why not, or names an event or a
     *     deadline that the saga does not handle; says which
     */
    public static StepPlan of(
            Class<?> type,
            String saga,
            Predicate<Class<?>> hears,
            Set<String> deadlines,
            UnaryOperator<String> properties) {
        return new StepPlan(saga, new StepPlanReader(type, hears, deadlines, properties).read());
    }

    /** The name under which the saga is stored. */
    public String saga() {
        return saga;
    }

    /** The steps, in the order of their declaration. */
    public List<StepDeclaration> steps() {
        return steps;
    }

    /** A step by its name; empty for one that an older or newer version of the saga knows. */
    public Optional<StepDeclaration> step(String name) {
        return steps.stream().filter(step -> step.name().equals(name)).findFirst();
    }

    /** Whether the saga compensates its steps itself; otherwise others do. */
    public boolean isCompensating() {
        return compensating;
    }

    /** Whether the framework keeps a time limit of a step or of its compensation. */
    public boolean keepsTimeLimits() {
        return steps.stream()
                .anyMatch(step ->
                        step.timeLimit() != null || !step.compensationFailedBy().isEmpty() || limit(step) != null);
    }

    private static @Nullable TimeLimit limit(StepDeclaration step) {
        Undo undo = step.undo();
        return undo == null ? null : undo.timeLimit();
    }

    /** Whether events of a class belong to the way forward: they begin or end a step, and tell of no compensation. */
    public boolean isForward(Class<?> event) {
        boolean forward = false;
        for (StepDeclaration step : steps) {
            if (names(step.compensationCompletedBy(), event) || names(step.compensationFailedBy(), event)) {
                return false;
            }
            forward |=
                    names(step.startedBy(), event) || names(step.completedBy(), event) || names(step.failedBy(), event);
        }
        return forward;
    }

    /** Whether one of the classes stands for an event's class. */
    public static boolean names(List<Class<?>> events, Class<?> event) {
        for (Class<?> named : events) {
            if (named.isAssignableFrom(event)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a deadline is the framework's own, and no handler's. */
    public static boolean isKept(String deadline) {
        return deadline.startsWith(STEP_LIMIT)
                || deadline.startsWith(COMPENSATION_LIMIT)
                || deadline.startsWith(COMPENSATION_AGAIN);
    }

    /** The deadline of a step's time limit, if the step gives it no name. */
    public static String limitOf(String step) {
        return STEP_LIMIT + step;
    }

    /** The deadline of the time limit of a step's compensation. */
    public static String compensationLimitOf(String step) {
        return COMPENSATION_LIMIT + step;
    }

    /** The deadline at which a step's compensation is begun again that was refused. */
    public static String compensationAgainOf(String step) {
        return COMPENSATION_AGAIN + step;
    }

    /**
     * Checks that there are outside calls of the kinds that limit steps.
     *
     * @param kinds those that somebody makes in this context
     * @throws IllegalArgumentException if a step is limited by another; says which
     */
    public void requireOutsideCalls(Set<String> kinds) {
        for (StepDeclaration step : steps) {
            boolean call = step.limit().startsWith(OUTSIDE_CALL);
            if (call && !kinds.contains(step.limit().substring(OUTSIDE_CALL.length()))) {
                throw new IllegalArgumentException("Step '" + step.name() + "' of saga " + saga + " is limited by "
                        + step.limit() + ", but this context makes no such calls; it makes " + new TreeSet<>(kinds));
            }
        }
    }

    /** A Mermaid state diagram: for each step what begins it, what it may end in and by what, what limits it, and how it is undone. */
    public String mermaid() {
        return StepDrawing.of(steps);
    }
}
