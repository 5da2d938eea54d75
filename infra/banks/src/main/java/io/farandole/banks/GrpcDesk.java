package io.farandole.banks;

import com.google.protobuf.ByteString;
import io.farandole.participant.Answer;
import io.farandole.participant.Answer.Verdict;
import io.farandole.participant.Branch;
import io.farandole.participant.Phase;
import io.farandole.participant.grpc.BranchHandler;
import io.farandole.participant.grpc.v1.BranchReply;
import io.farandole.participant.grpc.v1.CommitRequest;
import io.farandole.participant.grpc.v1.Outcome;
import io.grpc.Status;

/** The desk behind gRPC. */
final class GrpcDesk implements BranchHandler {

    private final PayrollDesk desk;

    GrpcDesk(PayrollDesk desk) {
        this.desk = desk;
    }

    @Override
    public BranchReply commit(Branch branch, CommitRequest request) {
        return reply(desk.pay(branch, request.getPayload().toByteArray(), Phase.WHOLE), Outcome.COMMITTED);
    }

    @Override
    public BranchReply hold(Branch branch, CommitRequest request) {
        return reply(desk.pay(branch, request.getPayload().toByteArray(), Phase.TRY), Outcome.HELD);
    }

    @Override
    public BranchReply confirm(Branch branch, CommitRequest request) {
        return reply(desk.pay(branch, request.getPayload().toByteArray(), Phase.CONFIRM), Outcome.COMMITTED);
    }

    @Override
    public BranchReply compensate(Branch branch) {
        return reply(desk.takeBack(branch), Outcome.COMPENSATED);
    }

    private static BranchReply reply(Deed deed, Outcome done) {
        MishapInterceptor.arrange(deed.mishap());
        Answer answer = deed.answer();
        if (answer.verdict() == Verdict.FAILED && deed.mishap() == Deed.Mishap.NONE) {
            throw Status.UNAVAILABLE
                    .withDescription("This bank is out of order")
                    .asRuntimeException();
        }
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
}
