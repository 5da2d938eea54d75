package io.farandole.acceptance.defect;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.axonframework.messaging.Message;
import org.axonframework.messaging.annotation.HandlerEnhancerDefinition;
import org.axonframework.messaging.annotation.MessageHandlingMember;
import org.axonframework.messaging.annotation.WrappedMessageHandlingMember;
import org.jspecify.annotations.Nullable;

/** Handlers of one type that fail when they are told to, as while something that they need is away; and a catch-all around them. */
final class FailingHandlers implements HandlerEnhancerDefinition {

    private final Class<?> payloadType;
    private final AtomicInteger failures = new AtomicInteger();
    private final AtomicBoolean swallows = new AtomicBoolean();

    FailingHandlers(Class<?> payloadType) {
        this.payloadType = payloadType;
    }

    /** Puts it around a service's handlers. */
    Seam seam() {
        return service -> service.registerBean(HandlerEnhancerDefinition.class, () -> this);
    }

    /** The next so many calls fail. */
    void fail(int times) {
        failures.set(times);
    }

    /** Whether it has failed as often as it was told to. */
    boolean hasFailed() {
        return failures.get() <= 0;
    }

    /** From now on exceptions are caught, and nobody hears of them. */
    void swallow() {
        swallows.set(true);
    }

    @Override
    public <T> MessageHandlingMember<T> wrapHandler(MessageHandlingMember<T> handler) {
        return new WrappedMessageHandlingMember<>(handler) {
            @Override
            public @Nullable Object handle(Message<?> message, T target) throws Exception {
                try {
                    if (message.getPayloadType() == payloadType && failures.getAndDecrement() > 0) {
                        throw new IllegalStateException("What this handler needs is away");
                    }
                    return super.handle(message, target);
                } catch (IllegalStateException e) {
                    if (swallows.get()) {
                        return null;
                    }
                    throw e;
                }
            }
        };
    }
}
