package io.farandole.saga;

import io.farandole.saga.step.StepDeclaration;
import io.farandole.saga.step.StepPlan;
import io.farandole.saga.step.StepStatus;
import io.farandole.saga.step.StepView;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Whose turn it is when a process is undone by its saga. A step's turn comes when it has succeeded and nothing that is not settled began
 * after that. What began after it may build on it, so it goes first; what ran beside it does not, so the two are undone beside
 * each other, whichever of them happened to end first.
 *
 * <p>What is pending is not settled, for it may yet succeed: whatever it may build on waits for its outcome. It is undone before that
 * only where its participant has the barrier, which refuses the step that comes after its compensation. A step that this version
 * of the class does not declare is not settled either, unless it is plain that nothing of it is left.
 */
final class CompensationOrder {

    private final StepPlan plan;
    private final List<StepView> unsettled;

    CompensationOrder(StepPlan plan, Collection<StepView> entries) {
        this.plan = plan;
        this.unsettled = entries.stream().filter(this::isUnsettled).toList();
    }

    /** The steps whose compensation may begin now; those heard of last come first. Also such as this version does not declare. */
    List<String> turn() {
        List<String> turn = new ArrayList<>();
        for (StepView entry : unsettled) {
            boolean undoable = entry.status() == StepStatus.SUCCEEDED
                    || (entry.status() == StepStatus.PENDING && hasBarrier(entry));
            if (undoable && unsettled.stream().noneMatch(other -> isAfter(other, entry))) {
                turn.add(entry.step());
            }
        }
        Collections.reverse(turn);
        return turn;
    }

    /** Whether nothing is left to undo or to wait for. */
    boolean isSettled() {
        return unsettled.isEmpty();
    }

    private boolean isUnsettled(StepView entry) {
        if (entry.step().equals(StepView.UNDOING)) {
            return false;
        }
        return switch (entry.status()) {
            case PENDING, COMPENSATING -> true;
            case SUCCEEDED ->
                declared(entry).map(StepDeclaration::isCompensatedBySaga).orElse(true);
            case FAILED, COMPENSATED, SKIPPED -> false;
        };
    }

    private boolean hasBarrier(StepView entry) {
        return declared(entry)
                .map(StepDeclaration::undo)
                .filter(undo -> undo.isBySaga() && undo.barrier())
                .isPresent();
    }

    private Optional<StepDeclaration> declared(StepView entry) {
        return plan.step(entry.step());
    }

    /**
     * Whether one step began after another had succeeded; also in the same event, which is how one follows the other. Two that began and
     * succeeded in one and the same event came beside each other. Without numbers, as a version writes that does not know them, times tell.
     */
    static boolean isAfter(StepView later, StepView earlier) {
        Integer began = later.began();
        Integer done = earlier.done();
        if (earlier.status() == StepStatus.PENDING) {
            return false;
        }
        if (began == null || done == null) {
            return later.createdAt().isAfter(earlier.updatedAt());
        }
        boolean both = later.done() != null && earlier.began() != null && earlier.began() >= later.done();
        return began >= done && !both;
    }
}
