package io.farandole.axon;

import java.lang.reflect.Method;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.axonframework.messaging.annotation.MessageHandlingMember;
import org.jspecify.annotations.Nullable;

/** What the {@link Retries} annotations of one class of handlers say. Immutable. */
public final class DeclaredRetries {

    private final @Nullable RetryPolicy ofClass;
    private final Map<Method, RetryPolicy> ofMethods = new HashMap<>();

    private DeclaredRetries(Class<?> type) {
        Retries onClass = type.getAnnotation(Retries.class);
        ofClass = onClass == null ? null : read(onClass, type.getName());
        for (Class<?> each = type; each != null; each = each.getSuperclass()) {
            for (Method method : each.getDeclaredMethods()) {
                Retries onMethod = method.getAnnotation(Retries.class);
                if (onMethod != null) {
                    ofMethods.put(method, read(onMethod, named(method)));
                }
            }
        }
    }

    /**
     * Reads the annotations of a class and of its methods, inherited ones included.
     *
     * @throws IllegalArgumentException if a sentence cannot be read; names class and method
     */
    public static DeclaredRetries of(Class<?> type) {
        return new DeclaredRetries(type);
    }

    /** Whether there is none. */
    public boolean isEmpty() {
        return ofClass == null && ofMethods.isEmpty();
    }

    /**
     * Refuses an annotated method that is none of the handlers: it would say nothing.
     *
     * @param handlers all of the class
     * @throws IllegalArgumentException naming the method
     */
    public void verify(Collection<? extends MessageHandlingMember<?>> handlers) {
        verify(handlers, method -> false);
    }

    /** As the other; accepts other methods too, which are called where an event is handled. */
    public void verify(Collection<? extends MessageHandlingMember<?>> handlers, Predicate<Method> others) {
        for (Method method : ofMethods.keySet()) {
            if (!others.test(method) && handlers.stream().noneMatch(handler -> method.equals(methodOf(handler)))) {
                throw new IllegalArgumentException(named(method) + " has @Retries, but handles no event: remove the"
                        + " annotation, or put it onto the handler");
            }
        }
    }

    /** What a handler's method says, or else its class; null if neither does. */
    public @Nullable RetryPolicy of(MessageHandlingMember<?> handler) {
        return of(methodOf(handler));
    }

    /** What a method says, or else its class; null if neither does. */
    public @Nullable RetryPolicy of(@Nullable Method method) {
        RetryPolicy own = method == null ? null : ofMethods.get(method);
        return own == null ? ofClass : own;
    }

    private static @Nullable Method methodOf(MessageHandlingMember<?> handler) {
        return handler.unwrap(Method.class).orElse(null);
    }

    private static RetryPolicy read(Retries annotation, String where) {
        try {
            return RetryPolicy.of(annotation.value());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("@Retries of " + where + ": " + e.getMessage(), e);
        }
    }

    private static String named(Method method) {
        return method.getDeclaringClass().getName() + "." + method.getName();
    }
}
