package io.farandole.asyncapi;

import io.farandole.messaging.EventType;
import io.farandole.messaging.EventTypes;
import io.farandole.messaging.command.AcceptedCommand;
import io.farandole.rabbitmq.TopologySpec;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a context says and understands over the broker. Immutable.
 *
 * @param context its name
 * @param published what it publishes, by wire type
 * @param followed what it follows of other contexts, by wire type
 * @param commands what other services may ask of it, by wire type
 */
public record Contract(String context, List<Event> published, List<Event> followed, List<Command> commands) {

    public Contract {
        published = List.copyOf(published);
        followed = List.copyOf(followed);
        commands = List.copyOf(commands);
    }

    /**
     * A published event.
     *
     * @param type its wire type
     * @param payload what the body is written from, or read as; null for an older version that only an upcaster reads
     * @param followers the contexts that follow it, as far as they are known here
     */
    public record Event(EventType type, @Nullable Class<?> payload, Set<String> followers) {

        public Event {
            followers = Set.copyOf(followers);
        }
    }

    /**
     * A command that is accepted.
     *
     * @param type its wire type
     * @param request what the body is read as
     */
    public record Command(EventType type, Class<?> request) {}

    /** What a context declares: its topology, the classes of its event types, and the commands that it accepts. */
    public static Contract of(TopologySpec topology, EventTypes types, Collection<AcceptedCommand<?>> commands) {
        return new Contract(
                topology.context(),
                topology.publishes().entrySet().stream()
                        .map(entry -> new Event(entry.getKey(), classOf(types, entry.getKey()), entry.getValue()))
                        .toList(),
                topology.follows().stream()
                        .map(type -> new Event(type, classOf(types, type), Set.of(topology.context())))
                        .toList(),
                commands.stream()
                        .map(command -> new Command(command.type(), command.request()))
                        .sorted(Comparator.comparing(command -> command.type().wireType()))
                        .toList());
    }

    private static @Nullable Class<?> classOf(EventTypes types, EventType type) {
        return types.classOf(type).orElse(null);
    }
}
