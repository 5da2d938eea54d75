package io.farandole.acceptance.checker;

import io.farandole.shop.kernel.PublishedLanguage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * I3: what was committed for publication is in the journal of everyone who follows it. I6: what was received was committed
 * by its producer, in that very form. I5: per process key and producer it was received in the order of commitment.
 */
final class TransportCheck {

    private static final Map<String, Set<String>> FOLLOWERS = PublishedLanguage.ENTRIES.stream()
            .collect(Collectors.toMap(PublishedLanguage.Entry::wireType, PublishedLanguage.Entry::followers));

    private TransportCheck() {}

    static void run(Sources sources, Consumer<Violation> report) {
        Map<String, Map<String, JournalRow>> received = new HashMap<>();
        sources.journals().forEach((context, rows) -> received.put(context, receivedById(rows)));
        Map<String, JournalRow> own = ownById(sources);
        sources.journals()
                .values()
                .forEach(rows -> rows.forEach(row -> {
                    if (row.isPublished()) {
                        checkArrival(row, received, report);
                    } else if (!row.own()) {
                        checkOrigin(row, own.get(row.source() + " " + row.eventId()), report);
                    }
                }));
        sources.journals().values().forEach(rows -> checkOrder(rows, report));
    }

    private static Map<String, JournalRow> receivedById(List<JournalRow> rows) {
        return rows.stream()
                .filter(row -> !row.own())
                .collect(Collectors.toMap(row -> row.source() + " " + row.eventId(), row -> row, (a, b) -> a));
    }

    private static Map<String, JournalRow> ownById(Sources sources) {
        return sources.journals().values().stream()
                .flatMap(List::stream)
                .filter(JournalRow::own)
                .collect(Collectors.toMap(row -> row.context() + " " + row.eventId(), row -> row, (a, b) -> a));
    }

    private static void checkArrival(
            JournalRow row, Map<String, Map<String, JournalRow>> received, Consumer<Violation> report) {
        Set<String> followers = FOLLOWERS.get(row.wireType());
        if (followers == null) {
            report.accept(new Violation("I6", row.processKey(), "published what the language does not know: " + row));
            return;
        }
        for (String follower : followers) {
            Map<String, JournalRow> inbox = received.get(follower);
            if (inbox != null && !inbox.containsKey(row.context() + " " + row.eventId())) {
                report.accept(new Violation("I3", row.processKey(), follower + " never received " + row));
            }
        }
    }

    private static void checkOrigin(JournalRow row, @Nullable JournalRow origin, Consumer<Violation> report) {
        if (origin == null || !origin.isPublished()) {
            report.accept(
                    new Violation("I6", row.processKey(), "received what was never committed for publication: " + row));
        } else if (!Objects.equals(origin.wireType(), row.wireType())
                || !origin.wireBody().equals(row.wireBody())
                || !origin.processKey().equals(row.processKey())) {
            report.accept(new Violation("I6", row.processKey(), "received " + row + " in another form than " + origin));
        } else if (row.sourceSequence() == null || row.sourceSequence() != origin.position()) {
            report.accept(new Violation(
                    "I6", row.processKey(), "received " + row + " with another position than " + origin.position()));
        }
    }

    private static void checkOrder(List<JournalRow> rows, Consumer<Violation> report) {
        Map<String, JournalRow> last = new HashMap<>();
        for (JournalRow row : rows) {
            if (row.own() || row.sourceSequence() == null) {
                continue;
            }
            JournalRow before = last.put(row.source() + " " + row.processKey(), row);
            if (before != null && before.sourceSequence() != null && before.sourceSequence() >= row.sourceSequence()) {
                report.accept(new Violation("I5", row.processKey(), row + " was received after " + before));
            }
        }
    }
}
