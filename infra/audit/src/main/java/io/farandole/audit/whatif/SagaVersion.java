package io.farandole.audit.whatif;

import io.farandole.eventstore.JournalMessages;
import io.farandole.eventstore.RegistrySerializer;
import io.farandole.messaging.JsonCodec;
import io.farandole.saga.KeyedSagaInvoker;
import io.farandole.saga.SagaReplay;
import io.farandole.saga.StateUpcaster;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.axonframework.common.annotation.AnnotationUtils;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.AllowReplay;
import org.axonframework.eventhandling.ReplayStatus;
import org.axonframework.messaging.annotation.ClasspathParameterResolverFactory;
import org.axonframework.messaging.annotation.MultiParameterResolverFactory;
import org.jspecify.annotations.Nullable;

/**
 * A version of a saga, as it is to be replayed: its class, and what of its surroundings it needs. Not thread-safe; used by one replay at a
 * time.
 *
 * @param <T> the saga's class
 */
public final class SagaVersion<T> {

    private final Class<T> type;
    private final ReplayStatus status;
    private final List<Object> resources = new ArrayList<>();
    private final Map<Class<?>, Function<Object, @Nullable Object>> replies = new HashMap<>();
    private final List<Consumer<KeyedSagaInvoker.Builder<T>>> more = new ArrayList<>();
    private Predicate<Class<?>> heardByOthers = type -> false;
    private String name;
    private String processor;

    private SagaVersion(Class<T> type, ReplayStatus status) {
        this.type = type;
        this.status = status;
        this.name = type.getSimpleName();
        ProcessingGroup group = type.getAnnotation(ProcessingGroup.class);
        this.processor = group == null ? type.getSimpleName() + "Processor" : group.value();
    }

    /**
     * A saga class, stored under its simple name, in the processor of its {@code @ProcessingGroup}.
     *
     * @throws IllegalArgumentException if the class or one of its handlers says that it must not be replayed
     */
    public static <T> SagaVersion<T> of(Class<T> type) {
        refuseWhatMustNotBeReplayed(type);
        return new SagaVersion<>(type, ReplayStatus.REPLAY);
    }

    /** A saga class for a test with made-up events: nothing of it is refused, and a handler that asks is told that it is not replaying. */
    public static <T> SagaVersion<T> forTest(Class<T> type) {
        return new SagaVersion<>(type, ReplayStatus.REGULAR);
    }

    /** Refused, not skipped: what such a handler would do, nobody could tell from the replay. */
    private static void refuseWhatMustNotBeReplayed(Class<?> saga) {
        for (Class<?> type = saga; type != null && type != Object.class; type = type.getSuperclass()) {
            if (isDisallowed(AnnotationUtils.findAnnotationAttributes(type, AllowReplay.class))) {
                throw new IllegalArgumentException(
                        "Saga " + type.getName()
                                + " must not be replayed (@DisallowReplay): nothing was. Remove it if a replay whose actions are only noted does no harm");
            }
            for (Method method : type.getDeclaredMethods()) {
                if (isDisallowed(AnnotationUtils.findAnnotationAttributes(method, AllowReplay.class))) {
                    throw new IllegalArgumentException(
                            "Handler " + type.getName() + "." + method.getName()
                                    + " must not be replayed (@DisallowReplay): nothing was. Remove it if a replay whose actions are only noted does no harm");
                }
            }
        }
    }

    private static boolean isDisallowed(Optional<Map<String, Object>> attributes) {
        return attributes
                .filter(found -> Boolean.FALSE.equals(found.get("allowReplay")))
                .isPresent();
    }

    /** The name under which the live saga is stored, if it is another than the class's. */
    public SagaVersion<T> name(String value) {
        this.name = value;
        return this;
    }

    /** The processor that runs the live saga, if it is another than the class says. */
    public SagaVersion<T> processor(String value) {
        this.processor = value;
        return this;
    }

    /**
     * Gives the saga something that it asks for, such as its settings. It is used as it is: give nothing that acts.
     */
    public SagaVersion<T> resource(Object value) {
        resources.add(value);
        return this;
    }

    /**
     * What commands of a class are answered with; without it with null, as a command that succeeded and says nothing. What the function
     * throws is thrown by the command's handler.
     */
    public <C> SagaVersion<T> reply(Class<C> command, Function<? super C, ? extends @Nullable Object> answer) {
        replies.put(command, value -> answer.apply(command.cast(value)));
        return this;
    }

    /** The version of the saga's state, as its invoker is told live. */
    public SagaVersion<T> state(int version, StateUpcaster upcaster) {
        more.add(builder -> builder.state(version, upcaster));
        return this;
    }

    /** Puts in values for the properties that the saga's steps name. */
    public SagaVersion<T> properties(UnaryOperator<String> values) {
        more.add(builder -> builder.properties(values));
        return this;
    }

    /**
     * Says which events others in the context hear too: what these have caused may be theirs, and is no difference from the journal. None by
     * default.
     */
    public SagaVersion<T> beside(Predicate<Class<?>> others) {
        this.heardByOthers = others;
        return this;
    }

    boolean isShared(Class<?> event) {
        return heardByOthers.test(event);
    }

    /** The saga's class. */
    public Class<T> type() {
        return type;
    }

    /** The name under which the live saga is stored. */
    public String name() {
        return name;
    }

    /** The processor that runs the live saga. */
    public String processor() {
        return processor;
    }

    /**
     * A replay of it.
     *
     * @throws IllegalArgumentException if the class cannot be replayed, saying why
     */
    ProcessReplay<T> replay(JournalMessages messages, RegistrySerializer serializer, Deadlines deadlines) {
        return new ProcessReplay<>(this, messages, serializer, deadlines);
    }

    /**
     * A replay of it by hand, event by event, through the invoker that runs it live.
     *
     * @param actions hears what it would do; nothing of it is done
     * @throws IllegalArgumentException if the class cannot be replayed, saying why
     */
    public SagaReplay<T> replay(JsonCodec codec, SagaActions actions) {
        SagaReplay.Builder<T> builder = SagaReplay.of(type, codec, actions);
        Gate gate = new Gate(
                type,
                actions,
                new NotingCommands(actions, this::replyTo),
                builder.deadlines(),
                builder.clock(),
                status,
                resources);
        gate.verify();
        return builder.as(this::describe)
                .as(described -> described
                        .resources(gate)
                        .parameters(MultiParameterResolverFactory.ordered(
                                gate, ClasspathParameterResolverFactory.forClass(type))))
                .build();
    }

    private void describe(KeyedSagaInvoker.Builder<T> builder) {
        builder.name(name);
        more.forEach(each -> each.accept(builder));
    }

    private @Nullable Object replyTo(Object command) {
        Function<Object, @Nullable Object> answer = replies.get(command.getClass());
        return answer == null ? null : answer.apply(command);
    }
}
