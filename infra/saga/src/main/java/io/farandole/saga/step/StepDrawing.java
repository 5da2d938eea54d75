package io.farandole.saga.step;

import java.util.List;
import java.util.stream.Collectors;

/** A Mermaid state diagram of steps. */
final class StepDrawing {

    private final StringBuilder text = new StringBuilder("stateDiagram-v2\n");

    private StepDrawing() {}

    static String of(List<StepDeclaration> steps) {
        StepDrawing drawing = new StepDrawing();
        for (int i = 0; i < steps.size(); i++) {
            drawing.step(steps.get(i), "s" + (i + 1));
        }
        return drawing.text.toString();
    }

    private void step(StepDeclaration step, String id) {
        text.append("    state \"")
                .append(step.name().replace('"', '\''))
                .append("\" as ")
                .append(id)
                .append(" {\n");
        arrow("[*]", id + "_pending", beginning(step));
        arrow(id + "_pending", id + "_succeeded", names(step.completedBy()));
        if (!step.failedBy().isEmpty()) {
            arrow(id + "_pending", id + "_failed", names(step.failedBy()));
        }
        TimeLimit limit = step.timeLimit();
        if (limit != null && limit.then() == OnTimeLimit.FAIL) {
            arrow(id + "_pending", id + "_failed", "after " + limit);
        }
        Undo undo = step.undo();
        if (undo != null) {
            undo(undo, id);
        }
        text.append("    }\n    note right of ")
                .append(id)
                .append(" : limited by ")
                .append(step.limit())
                .append(undoes(step))
                .append('\n');
    }

    private static String beginning(StepDeclaration step) {
        if (step.begunBySaga()) {
            return "the saga begins it";
        }
        return step.startedBy().isEmpty() ? "start of the saga" : names(step.startedBy());
    }

    private void undo(Undo undo, String id) {
        arrow(
                undo.barrier() ? id + "_pending" : id + "_succeeded",
                id + "_compensating",
                undo.isBySaga() ? "undoing, in reverse order" : names(undo.startedBy()));
        if (undo.barrier()) {
            arrow(id + "_succeeded", id + "_compensating", "undoing, in reverse order");
        }
        if (!undo.failedBy().isEmpty()) {
            arrow(id + "_compensating", id + "_compensating", names(undo.failedBy()) + ", again");
        }
        arrow(
                id + "_compensating",
                id + "_compensated",
                undo.completedBy().isEmpty() ? "at once" : names(undo.completedBy()));
    }

    /** What has the whole process undone. */
    private static String undoes(StepDeclaration step) {
        TimeLimit limit = step.timeLimit();
        boolean late = limit != null && limit.then() == OnTimeLimit.COMPENSATE;
        boolean failed = step.onFailure() == OnFailure.COMPENSATE;
        if (!late && !failed) {
            return "";
        }
        return ", undoes the process " + (late && failed ? "if late or failed" : late ? "if late" : "if failed");
    }

    private void arrow(String from, String to, String label) {
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
