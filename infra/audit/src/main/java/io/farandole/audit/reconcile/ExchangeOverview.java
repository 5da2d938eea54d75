package io.farandole.audit.reconcile;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a context publishes and follows, and how far it has come.
 *
 * @param context whose word this is
 * @param now by its database's clock
 * @param published up to this position of its journal, what is for others has been confirmed by the broker
 * @param waiting what is committed for others and not yet confirmed; counted up to a bound
 * @param waitingSince when the oldest of that was committed; null if there is none
 * @param publishes by wire type, the contexts that are declared to follow it
 * @param heard what it has received, per source and wire type
 */
public record ExchangeOverview(
        String context,
        Instant now,
        long published,
        long waiting,
        @Nullable Instant waitingSince,
        Map<String, List<String>> publishes,
        List<Heard> heard) {

    public ExchangeOverview {
        publishes = Map.copyOf(publishes);
        heard = List.copyOf(heard);
    }

    /**
     * Received events of one type.
     *
     * @param source the context that published them
     * @param events how many
     * @param first the lowest position in the source's journal
     * @param last the highest one
     */
    public record Heard(String source, String type, long events, long first, long last) {}
}
