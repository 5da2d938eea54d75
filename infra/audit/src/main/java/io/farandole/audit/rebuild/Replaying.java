package io.farandole.audit.rebuild;

import java.util.List;
import java.util.function.BiFunction;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.eventhandling.EventBus;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.messaging.Message;
import org.axonframework.messaging.MessageDispatchInterceptor;
import org.jspecify.annotations.Nullable;

/**
 * The thread's replay, if it is in one. In a replay, events are not published and commands are not dispatched: who tries is refused,
 * and with that the rebuild. What else a handler would write is found in the database ({@link WrittenTables}).
 */
public final class Replaying {

    private static final ThreadLocal<@Nullable Replaying> CURRENT = new ThreadLocal<>();

    private String handler = "";
    private @Nullable EventMessage<?> event;

    private Replaying() {}

    /** Whether this thread handles events of the past. Handlers may also ask for Axon's {@code ReplayStatus} as a parameter. */
    public static boolean isReplaying() {
        return CURRENT.get() != null;
    }

    /** Refuses what leaves a replay by these buses. Once for each. */
    public static void gate(EventBus events, CommandBus commands) {
        events.registerDispatchInterceptor(new Gate<EventMessage<?>>("publishes the event "));
        commands.registerDispatchInterceptor(new Gate<CommandMessage<?>>("sends the command "));
    }

    /** Refuses what leaves a replay in another way. */
    public static void refuse(String deed) {
        Replaying replaying = CURRENT.get();
        if (replaying != null) {
            throw replaying.refusal(deed);
        }
    }

    static Replaying begin() {
        Replaying replaying = new Replaying();
        CURRENT.set(replaying);
        return replaying;
    }

    static void end() {
        CURRENT.remove();
    }

    void handles(String byHandler, EventMessage<?> what) {
        handler = byHandler;
        event = what;
    }

    RefusedException refusal(String deed) {
        return new RefusedException(where() + " " + deed + ", and a replay must not act. Ask for the parameter"
                + " org.axonframework.eventhandling.ReplayStatus, or Replaying.isReplaying(), and do it only if nothing is replayed;"
                + " or move it into a handler of another processing group");
    }

    /** Which handler, of which event. */
    String where() {
        EventMessage<?> at = event;
        return at == null
                ? "A handler"
                : handler + ", handling " + at.getPayloadType().getSimpleName() + " " + at.getIdentifier() + ",";
    }

    private record Gate<M extends Message<?>>(String deed) implements MessageDispatchInterceptor<M> {

        @Override
        public BiFunction<Integer, M, M> handle(List<? extends M> messages) {
            return (index, message) -> {
                refuse(deed + message.getPayloadType().getSimpleName());
                return message;
            };
        }
    }
}
