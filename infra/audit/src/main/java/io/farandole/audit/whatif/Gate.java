package io.farandole.audit.whatif;

import io.farandole.saga.ReplayedDeadlines;
import io.farandole.saga.outside.OutsideCalls;
import java.lang.annotation.Annotation;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.axonframework.common.Priority;
import org.axonframework.eventhandling.ReplayStatus;
import org.axonframework.messaging.Message;
import org.axonframework.messaging.annotation.ParameterResolver;
import org.axonframework.messaging.annotation.ParameterResolverFactory;
import org.axonframework.modelling.saga.ResourceInjector;
import org.jspecify.annotations.Nullable;

/**
 * What a saga is given while it is replayed or tested, in its fields, by its setters and as its handlers' parameters. Nothing by which it could act:
 * what sends, schedules, calls and publishes is there, and notes; an interface that nobody has given is played, and notes each call of it;
 * a class that nobody has given is refused, for it might act. Before all other resolvers, so that a handler that asks whether it is replaying
 * is told so, also of a deadline. Used by one thread.
 */
@Priority(Priority.FIRST)
final class Gate implements ResourceInjector, ParameterResolverFactory {

    private static final Set<String> INJECTED =
            Set.of("Autowired", "Inject", "Resource", "Value", "PersistenceContext", "PersistenceUnit", "Qualifier");

    private final Class<?> saga;
    private final SagaActions notes;
    private final List<Object> resources;

    Gate(
            Class<?> saga,
            SagaActions notes,
            NotingCommands commands,
            ReplayedDeadlines deadlines,
            Clock clock,
            ReplayStatus status,
            List<Object> given) {
        this.saga = saga;
        this.notes = notes;
        // What is the replay's own comes first: no given gateway can take its place.
        this.resources = new ArrayList<>(List.of(
                commands, new NotingEvents(notes), deadlines, OutsideCalls.noting(notes::outsideCall), clock, status));
        this.resources.addAll(given);
    }

    @Override
    public void injectResources(Object instance) {
        for (Class<?> type = instance.getClass(); type != null && type != Object.class; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers()) && isInjected(field.getAnnotations())) {
                    set(field, instance);
                }
            }
            for (Method method : type.getDeclaredMethods()) {
                if (method.getParameterCount() == 1 && isInjected(method.getAnnotations())) {
                    call(method, instance);
                }
            }
        }
    }

    /**
     * Finds out before the replay whether all is there that the saga asks for.
     *
     * @throws IllegalArgumentException if something might act that nobody has given
     */
    void verify() {
        for (Class<?> type = saga; type != null && type != Object.class; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers()) && isInjected(field.getAnnotations())) {
                    resource(field.getType(), "field " + field.getName());
                }
            }
            for (Method method : type.getDeclaredMethods()) {
                if (method.getParameterCount() == 1 && isInjected(method.getAnnotations())) {
                    resource(method.getParameterTypes()[0], "method " + method.getName());
                }
            }
        }
    }

    private void set(Field field, Object instance) {
        try {
            field.setAccessible(true);
            field.set(instance, resource(field.getType(), "field " + field.getName()));
        } catch (IllegalAccessException e) {
            throw new IllegalArgumentException("Field " + field + " cannot be set", e);
        }
    }

    private void call(Method setter, Object instance) {
        try {
            setter.setAccessible(true);
            setter.invoke(instance, resource(setter.getParameterTypes()[0], "method " + setter.getName()));
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException("Method " + setter + " cannot be called", e);
        }
    }

    private static boolean isInjected(Annotation[] annotations) {
        return Arrays.stream(annotations)
                .anyMatch(a -> INJECTED.contains(a.annotationType().getSimpleName()));
    }

    private Object resource(Class<?> type, String where) {
        Object known = known(type);
        if (known != null) {
            return known;
        }
        if (type.isInterface()) {
            Object played = played(type);
            resources.add(played);
            return played;
        }
        throw new IllegalArgumentException("Saga " + saga.getName() + " is given a " + type.getName() + " in " + where
                + ", of which the replay does not know whether it acts: give the replay one that does not"
                + " (SagaVersion.resource), or let the saga ask for an interface, which is played");
    }

    private @Nullable Object known(Class<?> type) {
        return resources.stream().filter(type::isInstance).findFirst().orElse(null);
    }

    /** Notes each call, and answers nothing. */
    private Object played(Class<?> type) {
        return Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
            Object[] given = arguments == null ? new Object[0] : arguments;
            if (method.getDeclaringClass() == Object.class) {
                return ofObject(type, proxy, method, given);
            }
            notes.call(type.getSimpleName() + "." + method.getName(), Arrays.asList(given));
            return nothing(method.getReturnType());
        });
    }

    private static @Nullable Object ofObject(Class<?> type, Object proxy, Method method, Object[] arguments) {
        return switch (method.getName()) {
            case "equals" -> proxy == arguments[0];
            case "hashCode" -> System.identityHashCode(proxy);
            default -> type.getSimpleName() + " of a replay";
        };
    }

    @SuppressWarnings("FutureReturnValueIgnored") // it has no errors
    private static @Nullable Object nothing(Class<?> type) {
        if (type == Optional.class) {
            return Optional.empty();
        }
        if (type == CompletableFuture.class) {
            return CompletableFuture.completedFuture(null);
        }
        if (type == List.class || type == java.util.Collection.class || type == Iterable.class) {
            return List.of();
        }
        if (type == Stream.class) {
            return Stream.empty();
        }
        return type.isPrimitive() && type != void.class
                ? java.lang.reflect.Array.get(java.lang.reflect.Array.newInstance(type, 1), 0)
                : null;
    }

    /** Parameters behind the event, of handlers that ask for a resource there. */
    @Override
    @SuppressWarnings({"rawtypes", "NullAway"}) // as Axon declares it; null is for: not mine
    public ParameterResolver createInstance(Executable executable, Parameter[] parameters, int parameterIndex) {
        Class<?> type = parameters[parameterIndex].getType();
        if (parameterIndex == 0 || known(type) == null) {
            return null;
        }
        return new ParameterResolver<Object>() {
            @Override
            public @Nullable Object resolveParameterValue(Message<?> message) {
                return known(type);
            }

            @Override
            public boolean matches(Message<?> message) {
                return true;
            }
        };
    }
}
