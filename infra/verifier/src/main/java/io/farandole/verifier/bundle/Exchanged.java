package io.farandole.verifier.bundle;

import io.farandole.verifier.Hash;
import io.farandole.verifier.RowColumn;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Compares what contexts received with what the producers' parts say they published. A part is a selection, so what was left out of
 * it shows nowhere, except here: of what one has heard the other cannot say nothing. Up to 500,000 events are kept as a hash each.
 * Used by one thread.
 */
final class Exchanged implements PartVerification.Published {

    private static final int MOST = 500_000;

    private final Map<String, Map<String, Hash>> published = new HashMap<>();
    private final Map<String, Long> sealedUpTo = new HashMap<>();
    private final List<Received> received = new ArrayList<>();
    private boolean full;

    private record Received(
            String by, long line, String source, String eventId, @Nullable Long sequence, @Nullable Hash content) {}

    @Override
    public void add(PartManifest part, BundledRow row, long line) {
        Map<String, Hash> own = published.computeIfAbsent(part.context(), context -> new HashMap<>());
        sealedUpTo.put(part.context(), part.sealedUpTo());
        String wireType = row.text(RowColumn.WIRE_TYPE);
        if (wireType.isEmpty()) {
            return;
        }
        if (received.size() + own.size() >= MOST) {
            full = true;
            return;
        }
        Set<RowColumn> redacted = row.redacted();
        boolean isOwn = Boolean.TRUE.equals(row.value(RowColumn.OWN));
        RowColumn body =
                isOwn && row.value(RowColumn.WIRE_PAYLOAD) != null ? RowColumn.WIRE_PAYLOAD : RowColumn.PAYLOAD;
        Hash content = redacted.isEmpty() ? PartVerification.content(wireType, row.text(body)) : null;
        String eventId = row.text(RowColumn.EVENT_ID);
        if (isOwn) {
            own.put(eventId, content == null ? Hash.NONE : content);
        } else {
            received.add(new Received(
                    part.context(),
                    line,
                    row.text(RowColumn.SOURCE),
                    eventId,
                    row.value(RowColumn.SOURCE_SEQUENCE) instanceof Long sequence ? sequence : null,
                    content));
        }
    }

    /** Whether there were too many to compare all. */
    boolean isFull() {
        return full;
    }

    /** What does not fit, once all parts are read. */
    List<BundleFault> faults() {
        List<BundleFault> faults = new ArrayList<>();
        if (full) {
            return faults;
        }
        for (Received each : received) {
            Map<String, Hash> own = published.get(each.source());
            Long upTo = sealedUpTo.get(each.source());
            // What came after the producer's part was made may be in the follower's alone.
            if (own == null || upTo == null || each.sequence() == null || each.sequence() > upTo) {
                continue;
            }
            Hash content = own.get(each.eventId());
            if (content == null) {
                faults.add(new BundleFault(
                        BundleNames.events(each.source()),
                        null,
                        "event " + each.eventId() + " is missing, which " + each.by() + " received from it ("
                                + BundleNames.events(each.by()) + ", line " + each.line() + ")"));
            } else if (each.content() != null && !content.equals(Hash.NONE) && !content.equals(each.content())) {
                faults.add(new BundleFault(
                        BundleNames.events(each.by()),
                        each.line(),
                        "event " + each.eventId() + " is not what " + each.source() + " published"));
            }
        }
        return faults;
    }
}
