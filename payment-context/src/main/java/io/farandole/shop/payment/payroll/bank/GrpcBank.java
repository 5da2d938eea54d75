package io.farandole.shop.payment.payroll.bank;

import com.google.protobuf.ByteString;
import io.farandole.participant.grpc.v1.BranchGrpc;
import io.farandole.participant.grpc.v1.BranchReply;
import io.farandole.participant.grpc.v1.CommitRequest;
import io.farandole.participant.grpc.v1.CompensateRequest;
import io.farandole.participant.grpc.v1.Outcome;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.StatusRuntimeException;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.json.JsonMapper;

/**
 * A bank over gRPC: {@code commit} pays, {@code compensate} takes back, with the JSON of the HTTP wire as payload. {@code grpcs} addresses
 * are reached over TLS. A bank that knows no phases answers a try {@code COMMITTED}, which is no agreed answer. Thread-safe.
 */
final class GrpcBank implements Bank {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String TYPE = "application/json";

    private final BankSettings settings;
    private final ManagedChannel channel;
    private final BranchGrpc.BranchBlockingStub branches;

    GrpcBank(BankSettings settings) {
        this.settings = settings;
        ManagedChannelBuilder<?> builder = ManagedChannelBuilder.forAddress(
                        settings.url().getHost(), settings.url().getPort())
                .maxInboundMessageSize(BankReply.LONGEST);
        this.channel = (settings.isSecure() ? builder.useTransportSecurity() : builder.usePlaintext()).build();
        this.branches = BranchGrpc.newBlockingStub(channel);
    }

    @Override
    public BankAnswer pay(BankPayment payment, Phase phase) {
        String body = JSON.writeValueAsString(PaymentBody.of(payment));
        CommitRequest request = CommitRequest.newBuilder()
                .setGlobalId(payment.globalId())
                .setBranchId(payment.branch())
                .setContentType(TYPE)
                .setPayload(ByteString.copyFromUtf8(body))
                .setPhase(
                        switch (phase) {
                            case WHOLE -> io.farandole.participant.grpc.v1.Phase.WHOLE;
                            case TRY -> io.farandole.participant.grpc.v1.Phase.TRY;
                            case CONFIRM -> io.farandole.participant.grpc.v1.Phase.CONFIRM;
                        })
                .build();
        return ask(() -> stub().commit(request), phase == Phase.TRY ? Outcome.HELD : Outcome.COMMITTED);
    }

    @Override
    public BankAnswer takeBack(String globalId, String branch) {
        CompensateRequest request = CompensateRequest.newBuilder()
                .setGlobalId(globalId)
                .setBranchId(branch)
                .build();
        return ask(() -> stub().compensate(request), Outcome.COMPENSATED);
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }

    private BranchGrpc.BranchBlockingStub stub() {
        return branches.withDeadlineAfter(settings.timeout().toMillis(), TimeUnit.MILLISECONDS);
    }

    private static BankAnswer ask(java.util.function.Supplier<BranchReply> call, Outcome done) {
        BranchReply reply;
        try {
            reply = call.get();
        } catch (StatusRuntimeException e) {
            return BankAnswer.unknown("status " + e.getStatus().getCode());
        }
        if (reply.getOutcome() == done) {
            return BankAnswer.done();
        }
        if (reply.getOutcome() != Outcome.REFUSED || reply.getReason().isBlank()) {
            return BankAnswer.unknown("a reply without the outcome " + done + " or a reason");
        }
        Long missing = BankReply.shortfall(reply.getPayload().toStringUtf8());
        return missing == null ? BankAnswer.refused(reply.getReason()) : BankAnswer.lacking(reply.getReason(), missing);
    }
}
