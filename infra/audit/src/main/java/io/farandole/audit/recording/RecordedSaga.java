package io.farandole.audit.recording;

import io.farandole.audit.whatif.Action;
import io.farandole.audit.whatif.ReplayedEvent;
import io.farandole.audit.whatif.ReplayedProcess;
import java.util.List;

/**
 * What a saga did with a process when it was recorded.
 *
 * @param saga the name under which it is stored
 * @param reactions to the events that it has a handler for, in order
 * @param ended whether it had ended after them
 */
public record RecordedSaga(String saga, List<Reaction> reactions, boolean ended) {

    public RecordedSaga {
        reactions = List.copyOf(reactions);
    }

    /**
     * To one event.
     *
     * @param eventId its id
     * @param type registered name and version; of a deadline its name
     * @param actions what the saga did, in order
     */
    public record Reaction(String eventId, String type, List<Action> actions) {

        public Reaction {
            actions = List.copyOf(actions);
        }
    }

    static RecordedSaga of(String saga, ReplayedProcess process) {
        return new RecordedSaga(saga, reactions(process.events()), process.ended());
    }

    private static List<Reaction> reactions(List<ReplayedEvent> events) {
        return events.stream()
                .map(event -> new Reaction(event.eventId(), event.type(), event.actions()))
                .toList();
    }
}
