package io.farandole.saga.step;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The steps that a saga class declares, checked. Immutable. */
public final class StepPlan {

    private static final String OUTSIDE_CALL = "outside call ";

    private final String saga;
    private final List<StepDeclaration> steps;

    private StepPlan(String saga, List<StepDeclaration> steps) {
        this.saga = saga;
        this.steps = steps;
    }

    /**
     * The plan of a saga class; empty if it declares no steps.
     *
     * @param saga the name under which the saga is stored
     * @param hears whether the class has a handler for events of a class
     * @param deadlines the names of the deadlines that the class handles
     * @throws IllegalArgumentException if a step has no time limit, can neither be undone nor says why not, or names an event or a
     *     deadline that the saga does not handle; says which
     */
    public static StepPlan of(Class<?> type, String saga, Predicate<Class<?>> hears, Set<String> deadlines) {
        List<StepDeclaration> steps = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Step step : type.getAnnotationsByType(Step.class)) {
            String where = "Step '" + step.name() + "' of saga " + type.getName();
            require(!step.name().isBlank(), "A step of saga " + type.getName() + " has no name");
            require(names.add(step.name()), where + " is declared twice: each step needs a name of its own");
            require(
                    step.completedBy().length > 0,
                    where + " is completed by nothing: name the events by which it has succeeded");
            StepDeclaration declaration = new StepDeclaration(
                    step.name(),
                    List.of(step.startedBy()),
                    List.of(step.completedBy()),
                    List.of(step.failedBy()),
                    limit(step, where, deadlines),
                    compensation(step, where)
                            .map(undo -> List.of(undo.startedBy()))
                            .orElse(List.of()),
                    compensation(step, where)
                            .map(undo -> List.of(undo.completedBy()))
                            .orElse(List.of()),
                    step.irreversible().isBlank() ? null : step.irreversible());
            requireHeard(declaration, where, hears);
            steps.add(declaration);
        }
        return new StepPlan(saga, List.copyOf(steps));
    }

    private static String limit(Step step, String where, Set<String> deadlines) {
        boolean deadline = !step.deadline().isBlank();
        boolean call = !step.outsideCall().isBlank();
        if (!deadline && !call && isDoneAtOnce(step)) {
            return "nothing, it is done at once";
        }
        require(
                deadline || call,
                where
                        + " has no time limit: name the deadline that limits it (deadline = ...), or the kind of outside call"
                        + " that it is (outsideCall = ...)");
        require(!(deadline && call), where + " has two time limits: name a deadline or an outside call");
        if (call) {
            return OUTSIDE_CALL + step.outsideCall();
        }
        require(
                deadlines.contains(step.deadline()),
                where + " is limited by deadline '" + step.deadline()
                        + "', but the saga has no @DeadlineHandler of that name");
        return "deadline " + step.deadline();
    }

    /** Whether whatever begins it completes it, so that nothing is ever awaited. */
    private static boolean isDoneAtOnce(Step step) {
        return step.startedBy().length > 0 && List.of(step.completedBy()).containsAll(List.of(step.startedBy()));
    }

    private static Optional<Compensation> compensation(Step step, String where) {
        Compensation[] undo = step.compensation();
        require(undo.length <= 1, where + " has " + undo.length + " compensations: one undoes it all");
        require(
                undo.length == 1 || !step.irreversible().isBlank(),
                where
                        + " has no compensation: say what undoes it (compensation = ...), or why nothing does (irreversible = ...)");
        require(
                undo.length == 0 || step.irreversible().isBlank(),
                where + " has a compensation, and yet says that it is irreversible: leave one of them out");
        for (Compensation compensation : undo) {
            require(
                    compensation.startedBy().length > 0 && compensation.completedBy().length > 0,
                    where + " has a compensation without beginning or end: name the events of both");
        }
        return Arrays.stream(undo).findFirst();
    }

    private static void requireHeard(StepDeclaration step, String where, Predicate<Class<?>> hears) {
        List<Class<?>> events = StepDeclaration.concatenated(
                StepDeclaration.concatenated(step.startedBy(), step.completedBy()),
                StepDeclaration.concatenated(
                        step.failedBy(),
                        StepDeclaration.concatenated(step.compensationStartedBy(), step.compensationCompletedBy())));
        for (Class<?> event : events) {
            require(
                    hears.test(event),
                    where + " names " + event.getName()
                            + ", for which the saga has no handler: it would not hear of it");
        }
    }

    private static void require(boolean holds, String sentence) {
        if (!holds) {
            throw new IllegalArgumentException(sentence);
        }
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

    /**
     * Checks that there are outside calls of the kinds that limit steps.
     *
     * @param kinds those that somebody makes in this context
     * @throws IllegalArgumentException if a step is limited by another; says which
     */
    public void requireOutsideCalls(Set<String> kinds) {
        for (StepDeclaration step : steps) {
            boolean call = step.limit().startsWith(OUTSIDE_CALL);
            require(
                    !call || kinds.contains(step.limit().substring(OUTSIDE_CALL.length())),
                    "Step '" + step.name() + "' of saga " + saga + " is limited by " + step.limit()
                            + ", but this context makes no such calls; it makes " + new TreeSet<>(kinds));
        }
    }

    /** A Mermaid state diagram: for each step what begins it, what it may end in and by what, and what limits it. */
    public String mermaid() {
        StringBuilder text = new StringBuilder("stateDiagram-v2\n");
        for (int i = 0; i < steps.size(); i++) {
            StepDeclaration step = steps.get(i);
            String id = "s" + (i + 1);
            text.append("    state \"")
                    .append(step.name().replace('"', '\''))
                    .append("\" as ")
                    .append(id)
                    .append(" {\n");
            arrow(
                    text,
                    "[*]",
                    id + "_pending",
                    step.startedBy().isEmpty() ? "start of the saga" : names(step.startedBy()));
            arrow(text, id + "_pending", id + "_succeeded", names(step.completedBy()));
            if (!step.failedBy().isEmpty()) {
                arrow(text, id + "_pending", id + "_failed", names(step.failedBy()));
            }
            if (step.irreversible() == null) {
                arrow(text, id + "_succeeded", id + "_compensating", names(step.compensationStartedBy()));
                arrow(text, id + "_compensating", id + "_compensated", names(step.compensationCompletedBy()));
            }
            text.append("    }\n    note right of ")
                    .append(id)
                    .append(" : limited by ")
                    .append(step.limit())
                    .append('\n');
        }
        return text.toString();
    }

    private static void arrow(StringBuilder text, String from, String to, String label) {
        text.append("        ")
                .append(from)
                .append(" --> ")
                .append(to)
                .append(" : ")
                .append(label)
                .append('\n');
    }

    private static String names(List<Class<?>> events) {
        return events.stream().map(Class::getSimpleName).collect(Collectors.joining(" or "));
    }
}
