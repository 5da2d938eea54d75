package io.farandole.saga;

import io.farandole.axon.DeclaredRetries;
import io.farandole.axon.RetryPolicy;
import io.farandole.saga.step.WhileCompensating;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.axonframework.deadline.annotation.DeadlineHandler;
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
    private final DeclaredRetries retries;
    private final boolean deadlines;
    private final Map<Class<?>, Boolean> byPayloadType = new ConcurrentHashMap<>();

    SagaHandlers(Class<T> type, ParameterResolverFactory parameters, HandlerDefinition definition) {
        this.type = type;
        AnnotatedHandlerInspector<T> inspector = AnnotatedHandlerInspector.inspectType(type, parameters, definition);
        this.handlers = inspector.getHandlers(type).toList();
        this.retries = DeclaredRetries.of(type);
        this.retries.verify(handlers, CompensationMethods::isOne);
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

    /** The names of the deadlines that have a handler. */
    Set<String> deadlineNames() {
        return handlers.stream()
                .flatMap(handler -> handler.unwrap(Method.class).stream())
                .flatMap(method -> Optional.ofNullable(method.getAnnotation(DeadlineHandler.class)).stream())
                .map(DeadlineHandler::deadlineName)
                .collect(Collectors.toSet());
    }

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

    /** What the handler of an event declares with {@code @Retries}, or its class; null if neither does. */
    @Nullable RetryPolicy retryOf(EventMessage<?> event) {
        return retryOf(handlers.stream().filter(handler -> handler.canHandle(event)));
    }

    /** The same for a deadline, of its name's first handler: its message is not asked for after a failure. */
    @Nullable RetryPolicy retryOfDeadline(String deadlineName) {
        return retryOf(handlers.stream().filter(handler -> isForDeadline(handler, deadlineName)));
    }

    private @Nullable RetryPolicy retryOf(Stream<MessageHandlingMember<? super T>> candidates) {
        return candidates.findFirst().map(retries::of).orElse(null);
    }

    /** Whether the handler is called for its event also while the process is being undone. */
    boolean isForUndoing(Match<T> match) {
        return match.handler()
                .unwrap(Method.class)
                .filter(method -> method.isAnnotationPresent(WhileCompensating.class))
                .isPresent();
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

    private static boolean isForDeadline(MessageHandlingMember<?> handler, String deadlineName) {
        return handler.unwrap(Method.class)
                .map(method -> method.getAnnotation(DeadlineHandler.class))
                .filter(annotation -> annotation.deadlineName().isEmpty()
                        || annotation.deadlineName().equals(deadlineName))
                .isPresent();
    }

    @SuppressWarnings("rawtypes")
    private static @Nullable SagaMethodMessageHandlingMember<?> member(MessageHandlingMember<?> handler) {
        SagaMethodMessageHandlingMember member =
                handler.unwrap(SagaMethodMessageHandlingMember.class).orElse(null);
        return member;
    }
}
