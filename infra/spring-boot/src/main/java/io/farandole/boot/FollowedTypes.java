package io.farandole.boot;

import io.farandole.eventstore.JsonUpcaster;
import io.farandole.messaging.EventType;
import io.farandole.messaging.EventTypes;
import io.farandole.messaging.Followers;
import java.util.Collection;
import java.util.Comparator;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.messaging.Message;
import org.axonframework.messaging.annotation.AnnotatedHandlerInspector;
import org.axonframework.messaging.annotation.ClasspathParameterResolverFactory;
import org.axonframework.messaging.annotation.MessageHandlingMember;
import org.axonframework.messaging.annotation.MultiParameterResolverFactory;
import org.axonframework.messaging.annotation.ParameterResolver;
import org.axonframework.messaging.annotation.ParameterResolverFactory;

/**
 * What a context follows: the published events of other contexts that its sagas and event handlers have a method for, and the older
 * versions of these that it has an upcaster for. Nobody lists them a second time; what the published language declares is compared with them, in both directions.
 */
final class FollowedTypes {

    private FollowedTypes() {}

    static Set<EventType> of(Collection<Class<?>> handlerClasses, EventTypes types, String context) {
        return handlerClasses.stream()
                .flatMap(FollowedTypes::payloads)
                .flatMap(payload -> types.find(payload).stream())
                .filter(type ->
                        !type.context().equals(context) && !type.context().equals("farandole"))
                .collect(Collectors.toCollection(() -> new TreeSet<>(Comparator.comparing(EventType::wireType))));
    }

    /** With the older versions that upcasters make into what is followed, directly or over others. */
    static Set<EventType> withOlder(Set<EventType> followed, Collection<JsonUpcaster> upcasters, String context) {
        Set<EventType> all = new TreeSet<>(Comparator.comparing(EventType::wireType));
        all.addAll(followed);
        boolean found = true;
        while (found) {
            found = false;
            for (JsonUpcaster upcaster : upcasters) {
                EventType older = upcaster.from();
                found |= all.contains(upcaster.to()) && !older.context().equals(context) && all.add(older);
            }
        }
        return all;
    }

    private static Stream<? extends Class<?>> payloads(Class<?> handlerClass) {
        ParameterResolverFactory parameters = MultiParameterResolverFactory.ordered(
                ClasspathParameterResolverFactory.forClass(handlerClass),
                (method, all, index) -> index == 0 ? null : new AnyParameter());
        return AnnotatedHandlerInspector.inspectType(handlerClass, parameters).getAllHandlers().values().stream()
                .flatMap(Collection::stream)
                .filter(FollowedTypes::handlesEvents)
                .map(MessageHandlingMember::payloadType);
    }

    /** Stands, behind the event, for beans and whatever else Spring gives to a handler: it is looked at here, and not called. */
    private static final class AnyParameter implements ParameterResolver<Object> {

        @Override
        public Object resolveParameterValue(Message<?> message) {
            throw new UnsupportedOperationException("Handlers are looked at here, and not called");
        }

        @Override
        public boolean matches(Message<?> message) {
            return true;
        }
    }

    private static boolean handlesEvents(MessageHandlingMember<?> member) {
        return member.canHandleMessageType(EventMessage.class);
    }

    /**
     * Compares the handlers with the declaration.
     *
     * @throws FarandoleConfigurationException if a handler follows what is not declared, or a declared follower has no handler
     */
    static void verify(Set<EventType> followed, Followers declared, String context) {
        for (EventType type : followed) {
            if (!declared.of(type).contains(context)) {
                throw new FarandoleConfigurationException(
                        "The context '" + context + "' has a handler for " + type
                                + ", but the published language does not declare it as a follower.",
                        "Add '" + context + "' to the followers of " + type
                                + " (and grant its broker user the right to bind), or remove the handler.");
            }
        }
        for (EventType type : declared.types()) {
            if (declared.of(type).contains(context) && !followed.contains(type)) {
                throw new FarandoleConfigurationException(
                        "The published language declares the context '" + context + "' as a follower of " + type
                                + ", but no saga or event handler of it has a method for that event.",
                        "Write the handler, register the event in the context's EventTypes, or remove the declaration.");
            }
        }
    }
}
