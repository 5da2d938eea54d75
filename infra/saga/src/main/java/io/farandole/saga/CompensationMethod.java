package io.farandole.saga;

import io.farandole.axon.InterventionDecided;
import io.farandole.saga.step.CompensationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The {@link CompensationHandler} of a saga class. */
final class CompensationMethod {

    private final Method method;

    private CompensationMethod(Method method) {
        this.method = method;
    }

    /**
     * That of a class or of a superclass of it; empty if there is none.
     *
     * @throws IllegalArgumentException if there are several, or it wants what it cannot be given
     */
    static Optional<CompensationMethod> of(Class<?> saga) {
        List<Method> found = Stream.<Class<?>>iterate(
                        saga, type -> type != null && type != Object.class, Class::getSuperclass)
                .flatMap(type -> Stream.of(type.getDeclaredMethods()))
                .filter(method -> method.isAnnotationPresent(CompensationHandler.class))
                .toList();
        if (found.size() > 1) {
            throw new IllegalArgumentException("Saga " + saga.getName() + " has " + found.size()
                    + " @CompensationHandlers: one gives the process up");
        }
        return found.stream().findFirst().map(method -> {
            List<Class<?>> parameters = List.of(method.getParameterTypes());
            if (!parameters.isEmpty() && !parameters.equals(List.of(InterventionDecided.class))) {
                throw new IllegalArgumentException("The @CompensationHandler " + method.getName() + " of saga "
                        + saga.getName() + " has parameters that it cannot be given: let it have none, or one of type "
                        + InterventionDecided.class.getName());
            }
            method.setAccessible(true);
            return new CompensationMethod(method);
        });
    }

    /** Calls it; what it throws is thrown as it is. */
    void call(Object saga, InterventionDecided decided) throws Exception {
        try {
            if (method.getParameterCount() == 0) {
                method.invoke(saga);
            } else {
                method.invoke(saga, decided);
            }
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Exception cause) {
                throw cause;
            }
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw e;
        }
    }
}
