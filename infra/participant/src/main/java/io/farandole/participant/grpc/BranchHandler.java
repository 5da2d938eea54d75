package io.farandole.participant.grpc;

import io.farandole.participant.Branch;
import io.farandole.participant.grpc.v1.BranchReply;
import io.farandole.participant.grpc.v1.CommitRequest;
import io.farandole.participant.grpc.v1.Outcome;

/**
 * What a service does for its branches, each within the transaction that the barrier has opened. By the reply's outcome the
 * transaction ends: {@code COMMITTED}, {@code HELD} or {@code COMPENSATED} commits it; {@code REFUSED} rolls it back, and (a commit's) is
 * remembered; no outcome, or an exception, rolls it back and is forgotten, for the caller to repeat.
 */
public interface BranchHandler {

    /**
     * Carries a branch out: called once, however often the branch is asked for.
     *
     * @throws Exception rolls everything back; a {@code StatusRuntimeException} reaches the caller as it is
     */
    BranchReply commit(Branch branch, CommitRequest request) throws Exception;

    /**
     * Holds what a branch is about, the first of two phases; answers {@code HELD}. Refused unless a service says otherwise.
     *
     * @throws Exception rolls everything back; a {@code StatusRuntimeException} reaches the caller as it is
     */
    default BranchReply hold(Branch branch, CommitRequest request) throws Exception {
        return BranchReply.newBuilder()
                .setOutcome(Outcome.REFUSED)
                .setReason("NO_PHASES")
                .setText("This service does branches at once only")
                .build();
    }

    /**
     * Lets what is held take effect, the second phase; answers {@code COMMITTED}. Called for what is held only.
     *
     * @throws Exception rolls everything back; a {@code StatusRuntimeException} reaches the caller as it is
     */
    default BranchReply confirm(Branch branch, CommitRequest request) throws Exception {
        throw new IllegalStateException("A service that holds branches confirms them: override confirm");
    }

    /**
     * Undoes what was committed for a branch, or lets go of what is held: not called if there is nothing to undo.
     *
     * @throws Exception rolls everything back; a {@code StatusRuntimeException} reaches the caller as it is
     */
    BranchReply compensate(Branch branch) throws Exception;
}
