package io.farandole.audit.rebuild;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.axonframework.common.annotation.AnnotationUtils;
import org.axonframework.eventhandling.AbstractEventProcessor;
import org.axonframework.eventhandling.AllowReplay;
import org.axonframework.eventhandling.AnnotationEventHandlerAdapter;
import org.axonframework.eventhandling.DisallowReplay;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.EventHandlerInvoker;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.EventMessageHandler;
import org.axonframework.eventhandling.EventProcessor;
import org.axonframework.eventhandling.MultiEventHandlerInvoker;
import org.axonframework.eventhandling.SimpleEventHandlerInvoker;
import org.axonframework.eventhandling.StreamingEventProcessor;
import org.axonframework.eventhandling.async.SequencingPolicy;

/**
 * The handlers of a processing group, as they are called in a replay: all that can handle an event, in their order. Thread-safe as
 * they are.
 */
final class Handlers {

    private final String group;
    private final boolean streaming;
    private final List<EventMessageHandler> handlers;
    private final SequencingPolicy<? super EventMessage<?>> sequencing;

    private Handlers(String group, boolean streaming, List<SimpleEventHandlerInvoker> invokers) {
        this.group = group;
        this.streaming = streaming;
        this.handlers = invokers.stream()
                .flatMap(invoker -> invoker.eventHandlers().stream())
                .toList();
        this.sequencing = invokers.get(0).getSequencingPolicy();
    }

    /**
     * The handlers of a group.
     *
     * @throws RefusedException if it has sagas, or handlers that must not be replayed
     */
    static Handlers of(String group, EventProcessor processor) {
        EventHandlerInvoker invoker =
                processor instanceof AbstractEventProcessor known ? known.eventHandlerInvoker() : null;
        List<SimpleEventHandlerInvoker> simple = new ArrayList<>();
        if (invoker == null || !collect(invoker, simple) || simple.isEmpty()) {
            throw new RefusedException("Processing group " + group
                    + " is no read model: it has sagas or another invoker of its own, and a replay of these would act");
        }
        Handlers handlers = new Handlers(group, processor instanceof StreamingEventProcessor, simple);
        handlers.refuseWhatMustNotBeReplayed();
        return handlers;
    }

    private static boolean collect(EventHandlerInvoker invoker, List<SimpleEventHandlerInvoker> simple) {
        if (invoker instanceof MultiEventHandlerInvoker several) {
            return several.delegates().stream().allMatch(each -> collect(each, simple));
        }
        return invoker instanceof SimpleEventHandlerInvoker one && simple.add(one);
    }

    /** Axon would pass over them in a replay without a word, and the read model would lack what they write. */
    private void refuseWhatMustNotBeReplayed() {
        String forbidden = handlers.stream()
                .flatMap(handler -> notToBeReplayed(handler))
                .sorted()
                .collect(Collectors.joining(", "));
        if (!forbidden.isEmpty()) {
            throw new RefusedException("Processing group " + group + " has handlers that must not be replayed: "
                    + forbidden + ". Move what acts into a processing group of its own; what is left can be replayed");
        }
    }

    private static Stream<String> notToBeReplayed(EventMessageHandler handler) {
        if (!(handler instanceof AnnotationEventHandlerAdapter adapter)) {
            return Stream.empty();
        }
        Class<?> type = adapter.getTargetType();
        boolean wholeClass = isForbidden(type);
        return Stream.<Class<?>>iterate(type, each -> each != null && each != Object.class, Class::getSuperclass)
                .flatMap(each -> Arrays.stream(each.getDeclaredMethods()))
                .filter(method -> AnnotationUtils.isAnnotationPresent(method, EventHandler.class))
                .filter(method -> isForbidden(method) || (wholeClass && !isAllowed(method)))
                .map(Handlers::name);
    }

    private static boolean isForbidden(java.lang.reflect.AnnotatedElement element) {
        return AnnotationUtils.isAnnotationPresent(element, DisallowReplay.class)
                || AnnotationUtils.findAnnotationAttributes(element, AllowReplay.class)
                        .map(attributes -> Boolean.FALSE.equals(attributes.get("allowReplay")))
                        .orElse(false);
    }

    private static boolean isAllowed(Method method) {
        return AnnotationUtils.findAnnotationAttributes(method, AllowReplay.class)
                .map(attributes -> !Boolean.FALSE.equals(attributes.get("allowReplay")))
                .orElse(false);
    }

    private static String name(Method method) {
        return method.getDeclaringClass().getSimpleName() + "." + method.getName() + "("
                + Arrays.stream(method.getParameterTypes())
                        .map(Class::getSimpleName)
                        .collect(Collectors.joining(", "))
                + ")";
    }

    /** Whether they follow the journal with a token of their own; else they run in the transactions of the commands. */
    boolean isStreaming() {
        return streaming;
    }

    boolean canHandle(EventMessage<?> event) {
        return handlers.stream().anyMatch(handler -> handler.canHandle(event));
    }

    boolean handle(EventMessage<?> event, Replaying replaying) throws Exception {
        boolean handled = false;
        for (EventMessageHandler handler : handlers) {
            if (handler.canHandle(event)) {
                replaying.handles(nameOf(handler), event);
                handler.handle(event);
                handled = true;
            }
        }
        return handled;
    }

    private static String nameOf(EventMessageHandler handler) {
        return handler instanceof AnnotationEventHandlerAdapter adapter
                ? adapter.getTargetType().getSimpleName()
                : handler.getClass().getSimpleName();
    }

    /** What the live processor chooses an event's segment by. */
    Object sequenceOf(EventMessage<?> event) {
        Object sequence = sequencing.getSequenceIdentifierFor(event);
        return sequence == null ? event.getIdentifier() : sequence.toString();
    }
}
