package io.farandole.testkit;

import io.farandole.audit.recording.RecordedSaga;
import io.farandole.audit.whatif.Action;
import io.farandole.audit.whatif.ReplayedEvent;
import io.farandole.audit.whatif.ReplayedProcess;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a saga does otherwise than it was recorded, as text for a person. Pure. */
final class SagaDifference {

    private SagaDifference() {}

    static String of(RecordedSaga recorded, ReplayedProcess now) {
        Map<String, Pair> events = new LinkedHashMap<>();
        for (RecordedSaga.Reaction reaction : recorded.reactions()) {
            events.computeIfAbsent(reaction.eventId() + reaction.type(), key -> new Pair(reaction.type()))
                    .before
                    .addAll(lines(reaction.actions()));
        }
        for (ReplayedEvent event : now.events()) {
            Pair pair = events.computeIfAbsent(event.eventId() + event.type(), key -> new Pair(event.type()));
            pair.now.addAll(lines(event.actions()));
            if (event.failure() != null) {
                pair.now.add("throw " + event.failure());
            }
        }
        StringBuilder text = new StringBuilder();
        events.values().stream().filter(pair -> !pair.before.equals(pair.now)).forEach(pair -> pair.append(text));
        if (recorded.ended() != now.ended()) {
            text.append(recorded.ended() ? "- the saga ends\n" : "+ the saga ends\n");
        }
        return text.toString();
    }

    private static List<String> lines(List<Action> actions) {
        return actions.stream().map(Action::describe).toList();
    }

    private static final class Pair {

        private final String type;
        private final List<String> before = new ArrayList<>();
        private final List<String> now = new ArrayList<>();

        Pair(String type) {
            this.type = type;
        }

        void append(StringBuilder text) {
            text.append("at ").append(type).append(":\n");
            before.forEach(line -> text.append("- ").append(line).append('\n'));
            now.forEach(line -> text.append("+ ").append(line).append('\n'));
        }
    }
}
