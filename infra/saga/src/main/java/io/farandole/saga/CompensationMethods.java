package io.farandole.saga;

import io.farandole.axon.DeclaredRetries;
import io.farandole.axon.RetryPolicy;
import io.farandole.saga.step.Compensates;
import io.farandole.saga.step.CompensationCompleted;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.axonframework.messaging.Message;
import org.axonframework.messaging.annotation.ParameterResolver;
import org.axonframework.messaging.annotation.ParameterResolverFactory;
import org.axonframework.modelling.saga.EndSaga;
import org.axonframework.modelling.saga.SagaLifecycle;
import org.jspecify.annotations.Nullable;

/** The methods of a saga class that undo its steps ({@link Compensates}), and that which follows ({@link CompensationCompleted}). */
final class CompensationMethods {

    private final Map<String, Call> ofSteps = new HashMap<>();
    private final @Nullable Call completed;

    /**
     * Those of a class and of its superclasses.
     *
     * @throws IllegalArgumentException if one wants what it cannot be given
     */
    CompensationMethods(Class<?> saga, ParameterResolverFactory parameters) {
        DeclaredRetries retries = DeclaredRetries.of(saga);
        Call last = null;
        for (Method method : all(saga)) {
            Compensates compensates = method.getAnnotation(Compensates.class);
            if (compensates != null) {
                ofSteps.put(compensates.value(), new Call(method, parameters, retries));
            } else if (method.isAnnotationPresent(CompensationCompleted.class)) {
                last = new Call(method, parameters, retries);
            }
        }
        completed = last;
    }

    private static List<Method> all(Class<?> saga) {
        return Stream.<Class<?>>iterate(saga, type -> type != null && type != Object.class, Class::getSuperclass)
                .flatMap(type -> Stream.of(type.getDeclaredMethods()))
                .toList();
    }

    /** Whether it is a method that may say how it wants to be tried again, though it handles no event. */
    static boolean isOne(Method method) {
        return method.isAnnotationPresent(Compensates.class) || method.isAnnotationPresent(CompensationCompleted.class);
    }

    /** The method of a step; null if this version of the class has none. */
    @Nullable Call of(String step) {
        return ofSteps.get(step);
    }

    /** The method that is called when all is undone; null if the saga undoes no steps. */
    @Nullable Call completed() {
        return completed;
    }

    /** A method, and what it is called with. */
    static final class Call {

        private final Method method;
        private final List<ParameterResolver<?>> arguments = new ArrayList<>();
        private final boolean ends;
        private final @Nullable RetryPolicy retry;

        Call(Method method, ParameterResolverFactory parameters, DeclaredRetries retries) {
            this.method = method;
            this.ends = method.isAnnotationPresent(EndSaga.class);
            this.retry = retries.of(method);
            method.setAccessible(true);
            Parameter[] own = method.getParameters();
            // The first parameter of a handler is its payload, whatever its class; here there is none, so all come
            // after the first.
            Parameter[] shifted = new Parameter[own.length + 1];
            System.arraycopy(own, 0, shifted, 1, own.length);
            for (int i = 0; i < own.length; i++) {
                shifted[0] = own[i];
                ParameterResolver<?> resolver = parameters.createInstance(method, shifted, i + 1);
                if (resolver == null) {
                    throw new IllegalArgumentException(
                            "Method " + method.getDeclaringClass().getName() + "."
                                    + method.getName() + " undoes steps and has the parameter " + own[i]
                                    + ", which nothing gives: let it have those only that a handler may have behind its event");
                }
                arguments.add(resolver);
            }
        }

        /** How what fails in it wants to be tried again, by the method's word or the class's; null if neither says. */
        @Nullable RetryPolicy retry() {
            return retry;
        }

        /** Calls it in the saga's scope; what it throws is thrown as it is. */
        void on(Object saga, Message<?> message) throws Exception {
            Object[] given = new Object[arguments.size()];
            for (int i = 0; i < given.length; i++) {
                given[i] = value(arguments.get(i), message);
            }
            try {
                method.invoke(saga, given);
            } catch (InvocationTargetException e) {
                if (e.getCause() instanceof Exception cause) {
                    throw cause;
                }
                if (e.getCause() instanceof Error error) {
                    throw error;
                }
                throw e;
            }
            if (ends) {
                SagaLifecycle.end();
            }
        }

        @SuppressWarnings({"unchecked", "rawtypes"})
        private static Object value(ParameterResolver resolver, Message message) {
            return resolver.resolveParameterValue(message);
        }
    }
}
