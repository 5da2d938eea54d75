package io.farandole.participant.grpc;

import io.farandole.participant.Branch;
import io.farandole.participant.grpc.v1.BranchReply;
import io.farandole.participant.grpc.v1.CommitRequest;

/**
 * What a service does for its branches, each within the transaction that the barrier has opened. By the reply's outcome the
 * transaction ends: {@code COMMITTED} or {@code COMPENSATED} commits it; {@code REFUSED} rolls it back, and (a commit's) is
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
     * Undoes what was committed for a branch: not called if there is nothing to undo.
     *
     * @throws Exception rolls everything back; a {@code StatusRuntimeException} reaches the caller as it is
     */
    BranchReply compensate(Branch branch) throws Exception;
}
