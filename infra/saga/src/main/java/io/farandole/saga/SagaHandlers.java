package io.farandole.saga;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.axonframework.deadline.annotation.DeadlineHandlingMember;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.messaging.annotation.AnnotatedHandlerInspector;
import org.axonframework.messaging.annotation.HandlerDefinition;
import org.axonframework.messaging.annotation.MessageHandlerInterceptorMemberChain;
import org.axonframework.messaging.annotation.MessageHandlingMember;
import org.axonframework.messaging.annotation.ParameterResolverFactory;
import org.axonframework.modelling.saga.AssociationValue;
import org.axonframework.modelling.saga.SagaCreationPolicy;
import org.axonframework.modelling.saga.SagaMethodMessageHandlingMember;
import org.jspecify.annotations.Nullable;

/** The handlers of a saga class, found by Axon's own inspection, and what a keyed saga asks of them. */
final class SagaHandlers<T> {

    private final Class<T> type;
    private final List<MessageHandlingMember<? super T>> handlers;
    private final MessageHandlerInterceptorMemberChain<T> interceptors;
    private final boolean deadlines;
    private final Map<Class<?>, Boolean> byPayloadType = new ConcurrentHashMap<>();

    SagaHandlers(Class<T> type, ParameterResolverFactory parameters, HandlerDefinition definition) {
        this.type = type;
        AnnotatedHandlerInspector<T> inspector = AnnotatedHandlerInspector.inspectType(type, parameters, definition);
        this.handlers = inspector.getHandlers(type).toList();
        this.interceptors = inspector.chainedInterceptor(type);
        this.deadlines = handlers.stream().anyMatch(SagaHandlers::isForDeadlines);
        boolean sagaHandlers = false;
        for (MessageHandlingMember<? super T> handler : handlers) {
            SagaMethodMessageHandlingMember<?> member = member(handler);
            sagaHandlers |= member != null;
            if (member != null && member.getCreationPolicy() == SagaCreationPolicy.ALWAYS) {
                throw new IllegalArgumentException(
                        "Saga " + type.getName() + " has @StartSaga(forceNew = true), but a process"
                                + " has one saga of a type: give each its own process key");
            }
        }
        if (!sagaHandlers) {
            throw new IllegalArgumentException("Saga " + type.getName() + " has no @SagaEventHandler");
        }
    }

    /** A handler, and what Axon found out about it for this event. */
    record Match<T>(MessageHandlingMember<? super T> handler, @Nullable AssociationValue association, boolean starts) {}

    boolean handlesDeadlines() {
        return deadlines;
    }

    /** Whether events of that class may have a handler; cached, for it is asked for every event. */
    boolean mayHandle(Class<?> payloadType) {
        return byPayloadType.computeIfAbsent(payloadType, c -> handlers.stream()
                .anyMatch(handler -> !isForDeadlines(handler) && handler.canHandleType(c)));
    }

    boolean canHandle(EventMessage<?> event) {
        for (MessageHandlingMember<? super T> handler : handlers) {
            if (handler.canHandle(event)) {
                return true;
            }
        }
        return false;
    }

    /**
     * The handler for an event or deadline, the most specific one as with Axon; null if there is none.
     *
     * @throws SagaKeyMismatchException if a handler's association value is not the process key
     */
    @Nullable Match<T> match(EventMessage<?> event, String processKey) {
        Match<T> first = null;
        boolean starts = false;
        for (MessageHandlingMember<? super T> handler : handlers) {
            if (!handler.canHandle(event)) {
                continue;
            }
            SagaMethodMessageHandlingMember<?> member = member(handler);
            AssociationValue association = member == null ? null : member.getAssociationValue(event);
            if (association != null) {
                agree(event, processKey, association);
            }
            starts |= member != null && member.getCreationPolicy() != SagaCreationPolicy.NONE;
            if (first == null) {
                first = new Match<>(handler, association, false);
            }
        }
        return first == null ? null : new Match<>(first.handler(), first.association(), starts);
    }

    void handle(Match<T> match, EventMessage<?> event, T saga) throws Exception {
        interceptors.handle(event, saga, match.handler());
    }

    private void agree(EventMessage<?> event, String processKey, AssociationValue association) {
        if (!processKey.equals(association.getValue())) {
            throw new SagaKeyMismatchException("Event " + event.getIdentifier() + " ("
                    + event.getPayloadType().getName() + ") belongs to process " + processKey
                    + " by its header, but saga "
                    + type.getName() + " associates it by " + association.getKey() + " = "
                    + association.getValue() + ". Register the event with the process key that the saga goes by, or"
                    + " correct the associationProperty");
        }
    }

    private static boolean isForDeadlines(MessageHandlingMember<?> handler) {
        return handler.unwrap(DeadlineHandlingMember.class).isPresent();
    }

    @SuppressWarnings("rawtypes")
    private static @Nullable SagaMethodMessageHandlingMember<?> member(MessageHandlingMember<?> handler) {
        SagaMethodMessageHandlingMember member =
                handler.unwrap(SagaMethodMessageHandlingMember.class).orElse(null);
        return member;
    }
}
