package io.farandole.audit.timeline;

import java.util.List;

/**
 * What one context's journal holds of a process.
 *
 * @param context whose journal
 * @param processKey of the process
 * @param events own and received, in the order of the journal; empty if the context never heard of it
 * @param cut whether there are more, which were left out
 * @param related the keys of other processes of the same conversations, such as the return of an order; some, if there are many
 */
public record ProcessHistory(
        String context, String processKey, List<HistoryEvent> events, boolean cut, List<String> related) {

    public ProcessHistory {
        events = List.copyOf(events);
        related = List.copyOf(related);
    }
}
