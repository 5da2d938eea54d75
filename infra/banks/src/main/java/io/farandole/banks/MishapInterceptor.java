package io.farandole.banks;

import io.farandole.banks.Deed.Mishap;
import io.farandole.participant.grpc.v1.BranchReply;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;

/** What happens to replies on their way, once all is done and committed: the call's thread is that of the handler. */
final class MishapInterceptor implements ServerInterceptor {

    private static final ThreadLocal<Mishap> ARRANGED = ThreadLocal.withInitial(() -> Mishap.NONE);

    private final Slowness slowness;

    MishapInterceptor(Slowness slowness) {
        this.slowness = slowness;
    }

    /** For the reply that this thread sends next. */
    static void arrange(Mishap mishap) {
        ARRANGED.set(mishap);
    }

    @Override
    public <A, B> ServerCall.Listener<A> interceptCall(
            ServerCall<A, B> call, Metadata headers, ServerCallHandler<A, B> next) {
        return next.startCall(new CallWithMishaps<>(call), headers);
    }

    private final class CallWithMishaps<A, B> extends SimpleForwardingServerCall<A, B> {

        private boolean lost;

        CallWithMishaps(ServerCall<A, B> call) {
            super(call);
        }

        @Override
        public void sendMessage(B message) {
            Mishap mishap = ARRANGED.get();
            ARRANGED.remove();
            if (mishap == Mishap.LOST) {
                // What a caller sees whose connection is gone.
                lost = true;
                super.close(Status.UNAVAILABLE.withDescription("The connection is closed"), new Metadata());
                return;
            }
            if (mishap == Mishap.LATE && !isInTime()) {
                lost = true;
                super.close(Status.UNAVAILABLE.withDescription("Stopped before a late answer"), new Metadata());
                return;
            }
            super.sendMessage(mishap == Mishap.GARBLED ? nothing(message) : message);
        }

        @Override
        public void close(Status status, Metadata trailers) {
            ARRANGED.remove();
            if (!lost) {
                super.close(status, trailers);
            }
        }

        @SuppressWarnings("unchecked")
        private B nothing(B message) {
            return message instanceof BranchReply ? (B) BranchReply.getDefaultInstance() : message;
        }

        private boolean isInTime() {
            try {
                return slowness.pause();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
    }
}
