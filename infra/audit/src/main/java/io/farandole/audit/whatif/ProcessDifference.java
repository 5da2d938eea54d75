package io.farandole.audit.whatif;

import java.util.List;

/**
 * A process that differs.
 *
 * @param events the events at which it does, in order
 * @param others what else differs, such as its end, one sentence each
 */
public record ProcessDifference(String processKey, List<EventDifference> events, List<String> others) {

    public ProcessDifference {
        events = List.copyOf(events);
        others = List.copyOf(others);
    }
}
