package io.farandole.participant.grpc;

import com.google.protobuf.ByteString;
import io.farandole.participant.Answer;
import io.farandole.participant.Answer.Verdict;
import io.farandole.participant.Branch;
import io.farandole.participant.BranchBarrier;
import io.farandole.participant.BranchBusyException;
import io.farandole.participant.grpc.v1.BranchGrpc;
import io.farandole.participant.grpc.v1.BranchReply;
import io.farandole.participant.grpc.v1.CommitRequest;
import io.farandole.participant.grpc.v1.CompensateRequest;
import io.farandole.participant.grpc.v1.Outcome;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Service {@code io.farandole.participant.v1.Branch}: commits and compensates through the barrier, each call within one
 * transaction; the reply is sent after the commit, never before. Add it to a gRPC server as any other service. Branches that come
 * over HTTP and gRPC share one memory, if participant and barrier's table are the same.
 *
 * <p>What it answers itself: {@code INVALID_ARGUMENT} for ids that are none, {@code UNAVAILABLE} while another call of the same
 * branch is under way, {@code INTERNAL} for what the handler throws, which is logged. Thread-safe; it blocks the server's thread.
 */
public final class GuardedBranches extends BranchGrpc.BranchImplBase {

    private static final Logger log = LoggerFactory.getLogger(GuardedBranches.class);
    private static final String JSON = "application/json";

    /** For how long what is held is kept unless another time is given: longer than payrolls run. */
    public static final Duration DEFAULT_KEEP_HOLDS = Duration.ofDays(31);

    private final BranchBarrier barrier;
    private final String participant;
    private final BranchHandler handler;
    private final Duration keepHolds;

    /** Of the one participant that there is in the barrier's database. */
    public GuardedBranches(BranchBarrier barrier, BranchHandler handler) {
        this(barrier, "", handler);
    }

    /** Of one of several participants, see {@link Branch#participant()}. */
    public GuardedBranches(BranchBarrier barrier, String participant, BranchHandler handler) {
        this(barrier, participant, handler, DEFAULT_KEEP_HOLDS);
    }

    /**
     * The same, for a service that holds.
     *
     * @param keepHolds for how long what is held is kept if nobody confirms or compensates it, see {@link BranchBarrier#expire}
     */
    public GuardedBranches(BranchBarrier barrier, String participant, BranchHandler handler, Duration keepHolds) {
        this.keepHolds = keepHolds;
        this.barrier = barrier;
        this.participant = participant;
        this.handler = handler;
    }

    @Override
    public void commit(CommitRequest request, StreamObserver<BranchReply> caller) {
        Branch branch = branchOf(request.getGlobalId(), request.getBranchId(), caller);
        if (branch == null) {
            return;
        }
        byte[] payload = request.getPayload().toByteArray();
        switch (request.getPhase()) {
            case WHOLE ->
                answer(
                        branch,
                        Outcome.COMMITTED,
                        () -> barrier.commit(
                                branch, payload, () -> asAnswer(Outcome.COMMITTED, handler.commit(branch, request))),
                        caller);
            case TRY ->
                answer(
                        branch,
                        Outcome.HELD,
                        () -> barrier.hold(
                                branch,
                                payload,
                                keepHolds,
                                () -> asAnswer(Outcome.HELD, handler.hold(branch, request))),
                        caller);
            case CONFIRM ->
                answer(
                        branch,
                        Outcome.COMMITTED,
                        () -> barrier.confirm(
                                branch, payload, () -> asAnswer(Outcome.COMMITTED, handler.confirm(branch, request))),
                        caller);
            case UNRECOGNIZED ->
                caller.onError(Status.INVALID_ARGUMENT
                        .withDescription("There is no phase " + request.getPhaseValue())
                        .asRuntimeException());
        }
    }

    @Override
    public void compensate(CompensateRequest request, StreamObserver<BranchReply> caller) {
        Branch branch = branchOf(request.getGlobalId(), request.getBranchId(), caller);
        if (branch != null) {
            answer(
                    branch,
                    Outcome.COMPENSATED,
                    () -> barrier.compensate(branch, () -> asAnswer(Outcome.COMPENSATED, handler.compensate(branch))),
                    caller);
        }
    }

    private @Nullable Branch branchOf(String globalId, String branchId, StreamObserver<BranchReply> caller) {
        try {
            return new Branch(participant, globalId, branchId);
        } catch (IllegalArgumentException refused) {
            caller.onError(Status.INVALID_ARGUMENT
                    .withDescription(refused.getMessage())
                    .asRuntimeException());
            return null;
        }
    }

    private static void answer(Branch branch, Outcome done, Guarded guarded, StreamObserver<BranchReply> caller) {
        BranchReply reply;
        try {
            reply = asReply(done, guarded.call());
        } catch (BranchBusyException busy) {
            log.debug("Branch {} is busy", branch, busy);
            caller.onError(Status.UNAVAILABLE.withDescription(busy.getMessage()).asRuntimeException());
            return;
        } catch (StatusRuntimeException | StatusException status) {
            log.debug("Branch {}: {} ends with a status", branch, done, status);
            caller.onError(status);
            return;
        } catch (Exception failed) {
            log.warn("Branch {}: {} has failed and was rolled back; the caller is to repeat it", branch, done, failed);
            caller.onError(internal());
            return;
        } catch (Error failed) {
            caller.onError(internal());
            throw failed;
        }
        caller.onNext(reply);
        caller.onCompleted();
    }

    /** Of what went wrong inside, a caller learns nothing. */
    private static StatusRuntimeException internal() {
        return Status.INTERNAL
                .withDescription("The branch has failed and was rolled back; repeat it under the same ids")
                .asRuntimeException();
    }

    private static Answer asAnswer(Outcome done, BranchReply reply) {
        Verdict verdict;
        int status;
        if (reply.getOutcome() == done) {
            verdict = Verdict.DONE;
            status = 200;
        } else if (reply.getOutcome() == Outcome.REFUSED) {
            verdict = Verdict.REFUSED;
            status = reply.getReason().equals(Answer.INVALID) ? 422 : 409;
        } else if (reply.getOutcome() == Outcome.OUTCOME_UNSPECIFIED) {
            verdict = Verdict.FAILED;
            status = 503;
        } else {
            throw new IllegalStateException(
                    "A handler answers " + done + ", REFUSED or nothing here, and not " + reply.getOutcome());
        }
        byte[] payload = reply.getPayload().toByteArray();
        return Answer.of(
                verdict,
                status,
                emptyToNull(reply.getReason()),
                emptyToNull(reply.getText()),
                payload.length == 0 ? null : JSON,
                payload);
    }

    private static BranchReply asReply(Outcome done, Answer answer) {
        BranchReply.Builder reply = BranchReply.newBuilder()
                .setOutcome(
                        switch (answer.verdict()) {
                            case DONE -> done;
                            case REFUSED -> Outcome.REFUSED;
                            case FAILED -> Outcome.OUTCOME_UNSPECIFIED;
                        })
                .setPayload(ByteString.copyFrom(answer.body()));
        if (answer.reason() != null) {
            reply.setReason(answer.reason());
        }
        if (answer.text() != null) {
            reply.setText(answer.text());
        }
        return reply.build();
    }

    private static @Nullable String emptyToNull(String text) {
        return text.isEmpty() ? null : text;
    }

    @FunctionalInterface
    private interface Guarded {
        Answer call() throws Exception;
    }
}
