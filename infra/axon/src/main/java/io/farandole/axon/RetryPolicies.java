package io.farandole.axon;

import java.util.ArrayList;
import java.util.List;
import org.axonframework.config.Configuration;
import org.axonframework.eventhandling.AnnotationEventHandlerAdapter;
import org.axonframework.eventhandling.EventHandlerInvoker;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.EventMessageHandler;
import org.axonframework.eventhandling.MultiEventHandlerInvoker;
import org.axonframework.eventhandling.SimpleEventHandlerInvoker;
import org.axonframework.messaging.annotation.AnnotatedHandlerInspector;
import org.axonframework.messaging.annotation.MessageHandlingMember;
import org.axonframework.modelling.saga.AbstractSagaManager;
import org.jspecify.annotations.Nullable;

/**
 * Which {@link RetryPolicy} an event of a processor has: the operator's for this processor, or else what its handlers declare, or else
 * the processor's settings'. Thread-safe.
 *
 * @param operators set for the processor by name; null if it is not
 * @param common of the settings
 */
record RetryPolicies(@Nullable RetryPolicy operators, List<RetryDeclaring> declared, RetryPolicy common) {

    /**
     * Finds what the handlers of an invoker declare.
     *
     * @throws IllegalArgumentException if an annotation makes no sense
     */
    static RetryPolicies of(
            EventHandlerInvoker invoker,
            Configuration configuration,
            @Nullable RetryPolicy operators,
            RetryPolicy common) {
        List<RetryDeclaring> declared = new ArrayList<>();
        collect(invoker, configuration, declared);
        return new RetryPolicies(operators, List.copyOf(declared), common);
    }

    /** @param event null if it could not be read */
    RetryPolicy of(@Nullable EventMessage<?> event) {
        if (operators != null) {
            return operators;
        }
        RetryPolicy most = null;
        if (event != null) {
            for (RetryDeclaring each : declared) {
                RetryPolicy policy = each.retryOf(event);
                if (policy != null && (most == null || policy.attempts() > most.attempts())) {
                    most = policy;
                }
            }
        }
        return most == null ? common : most;
    }

    private static void collect(
            EventHandlerInvoker invoker, Configuration configuration, List<RetryDeclaring> declared) {
        if (invoker instanceof RetryDeclaring one) {
            declared.add(one);
        } else if (invoker instanceof MultiEventHandlerInvoker several) {
            several.delegates().forEach(each -> collect(each, configuration, declared));
        } else if (invoker instanceof SimpleEventHandlerInvoker simple) {
            for (EventMessageHandler handler : simple.eventHandlers()) {
                if (handler instanceof AnnotationEventHandlerAdapter annotated) {
                    annotated(annotated.getTargetType(), configuration, declared);
                }
            }
        } else if (invoker instanceof AbstractSagaManager<?> manager) {
            annotated(manager.getSagaType(), configuration, declared);
        }
    }

    private static <T> void annotated(Class<T> type, Configuration configuration, List<RetryDeclaring> declared) {
        DeclaredRetries retries = DeclaredRetries.of(type);
        if (retries.isEmpty()) {
            return;
        }
        List<MessageHandlingMember<? super T>> handlers = AnnotatedHandlerInspector.<T>inspectType(
                        type, configuration.parameterResolverFactory(), configuration.handlerDefinition(type))
                .getHandlers(type)
                .toList();
        retries.verify(handlers);
        declared.add(event -> handlers.stream()
                .filter(handler -> handler.canHandle(event))
                .findFirst()
                .map(retries::of)
                .orElse(null));
    }
}
