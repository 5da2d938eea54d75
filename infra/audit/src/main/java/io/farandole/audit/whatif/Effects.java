package io.farandole.audit.whatif;

import io.farandole.eventstore.JournalRow;
import io.farandole.messaging.Headers;
import io.farandole.messaging.JsonCodec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Compares what a saga would have done at an event with the own events that the event has caused in its process. An own event names the
 * command that made it: the saga explains it if it sends that one at the event, or has something done elsewhere whose answer may have come by
 * it. An event of before that names none is explained by any command. Pure.
 */
final class Effects {

    /** The framework's own events: a deadline that passed, a decision of a person. They are history, and no effect. */
    private static final String FRAMEWORK = "farandole.";

    private static final JsonCodec JSON = new JsonCodec();

    private Effects() {}

    /** An own event. */
    private record Effect(String type, long position, @Nullable String command) {

        boolean isExplainedBy(ReplayedEvent event) {
            return event.actions().stream().anyMatch(this::isExplainedBy);
        }

        private boolean isExplainedBy(Action action) {
            return switch (action.kind()) {
                case COMMAND -> command == null || command.equals(action.name());
                case OUTSIDE_CALL, EVENT, CALL -> true;
                case DEADLINE, DEADLINE_CANCELLED -> false;
            };
        }

        String describe() {
            return "caused " + type + " at " + position + (command == null ? "" : " by " + command);
        }
    }

    /**
     * How many events have caused something that the saga does not explain, but are heard by others too: it may be theirs. Zero where there is
     * no saga.
     */
    static long shared(ReplayedProcess replayed, List<JournalRow> rows) {
        Map<String, List<Effect>> effects = effects(rows);
        return replayed.started()
                ? replayed.events().stream()
                        .filter(event ->
                                event.shared() && !unexplained(event, effects).isEmpty())
                        .count()
                : 0;
    }

    /** The events whose effects the saga does not explain, and those at which it fails. */
    static List<EventDifference> unexplained(
            ReplayedProcess replayed, List<JournalRow> rows, Predicate<Instant> counts) {
        Map<String, List<Effect>> effects = effects(rows);
        List<EventDifference> differences = new ArrayList<>();
        for (ReplayedEvent event : replayed.events()) {
            boolean told = replayed.started() && !event.shared();
            List<String> caused = told || event.failure() != null ? unexplained(event, effects) : List.of();
            if (counts.test(event.at()) && (event.failure() != null || !caused.isEmpty())) {
                differences.add(new EventDifference(
                        event.position(), event.eventId(), event.type(), event.at(), caused, Comparison.lines(event)));
            }
        }
        return differences;
    }

    private static List<String> unexplained(ReplayedEvent event, Map<String, List<Effect>> effects) {
        return effects.getOrDefault(event.eventId(), List.of()).stream()
                .filter(effect -> !effect.isExplainedBy(event))
                .map(Effect::describe)
                .toList();
    }

    private static Map<String, List<Effect>> effects(List<JournalRow> rows) {
        Map<String, List<Effect>> effects = new HashMap<>();
        for (JournalRow row : rows) {
            String cause = row.causationId();
            if (row.own() && cause != null && !row.payloadType().startsWith(FRAMEWORK)) {
                effects.computeIfAbsent(cause, id -> new ArrayList<>())
                        .add(new Effect(row.payloadType() + ".v" + row.payloadVersion(), row.position(), command(row)));
            }
        }
        return effects;
    }

    private static @Nullable String command(JournalRow row) {
        String metadata = row.metadata();
        if (metadata == null) {
            return null;
        }
        JsonNode command = JSON.readTree(metadata).path(Headers.COMMAND);
        return command.isString() ? command.asString() : null;
    }
}
