package io.farandole.audit.timeline;

import io.farandole.audit.timeline.Timeline.Aggregate;
import io.farandole.audit.timeline.Timeline.Entry;
import io.farandole.audit.timeline.Timeline.Missing;
import io.farandole.saga.status.ProcessStatus;
import io.farandole.saga.status.ProcessStatus.SagaLine;
import io.farandole.saga.status.ProcessStatus.StepLine;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A timeline as a tree in plain text: below each event are those that it caused, in causal order; then where the process stands. Times are
 * UTC. Texts from journals are printed on one line each, without control characters.
 */
public final class TimelineText {

    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneOffset.UTC);
    private static final int DEEPEST = 40;

    private final StringBuilder text = new StringBuilder();
    private final Timeline timeline;
    private final Map<String, List<Entry>> effects = new LinkedHashMap<>();

    private TimelineText(Timeline timeline) {
        this.timeline = timeline;
    }

    /** The whole of it, with a newline at the end. */
    public static String of(Timeline timeline) {
        return new TimelineText(timeline).print();
    }

    private String print() {
        heading();
        List<Entry> roots = new ArrayList<>();
        for (Entry entry : timeline.events()) {
            if (entry.cause() == null) {
                roots.add(entry);
            } else {
                effects.computeIfAbsent(entry.cause(), it -> new ArrayList<>()).add(entry);
            }
        }
        roots.forEach(this::tree);
        longestWait();
        timeline.standing().forEach(this::standing);
        if (!timeline.related().isEmpty()) {
            line("Other processes of the same conversation: " + String.join(", ", timeline.related()));
        }
        for (String context : timeline.cut()) {
            line(context + " has more events of this process than are shown here: the first " + ProcessHistories.MOST
                    + " are.");
        }
        for (Missing missing : timeline.missing()) {
            line("MISSING: " + missing.context() + " " + missing.reason() + ". What only it knows is not shown.");
        }
        return text.toString();
    }

    private void heading() {
        List<Entry> events = timeline.events();
        if (events.isEmpty()) {
            line("Process " + timeline.processKey() + ": no events");
            return;
        }
        Set<String> contexts = new LinkedHashSet<>();
        events.forEach(event -> {
            contexts.add(event.context());
            event.heard().forEach(heard -> contexts.add(heard.context()));
        });
        Instant first =
                events.stream().map(Entry::occurredAt).min(Instant::compareTo).orElseThrow();
        Instant last =
                events.stream().map(Entry::occurredAt).max(Instant::compareTo).orElseThrow();
        line("Process " + timeline.processKey() + ": " + events.size() + (events.size() == 1 ? " event" : " events")
                + " in " + String.join(", ", contexts) + ", from " + DAY.format(first) + " UTC, "
                + Durations.text(Duration.between(first, last)) + " in all");
    }

    /** Not by recursion: a chain of causes may be as long as a history. */
    private void tree(Entry root) {
        Deque<Branch> open = new ArrayDeque<>();
        open.push(new Branch(root, "", "", 0));
        while (!open.isEmpty()) {
            Branch branch = open.pop();
            line(TIME.format(branch.entry.occurredAt()) + "  " + delay(branch.entry) + "  " + branch.prefix
                    + described(branch.entry));
            List<Entry> caused = effects.getOrDefault(branch.entry.eventId(), List.of());
            // A chain deeper than any page is wide goes on without moving to the right.
            boolean indented = branch.depth < DEEPEST;
            for (int i = caused.size() - 1; i >= 0; i--) {
                boolean last = i == caused.size() - 1;
                String below = indented ? (last ? "   " : "│  ") : "";
                open.push(new Branch(
                        caused.get(i), branch.below + (last ? "└─ " : "├─ "), branch.below + below, branch.depth + 1));
            }
        }
    }

    private static String delay(Entry entry) {
        Duration after = entry.afterCause();
        String text = after == null ? "" : (after.isNegative() ? "" : "+") + Durations.text(after);
        return " ".repeat(Math.max(0, 10 - text.length())) + text;
    }

    private static String described(Entry entry) {
        List<String> details = new ArrayList<>();
        if (entry.command() != null) {
            details.add("by " + entry.command());
        }
        Aggregate aggregate = entry.aggregate();
        if (aggregate != null) {
            details.add((aggregate.type() == null ? "" : aggregate.type() + " ") + aggregate.id() + " #"
                    + aggregate.sequence());
        }
        if (entry.publishedAs() != null && !entry.publishedAs().equals(entry.type() + ".v" + entry.version())) {
            details.add("published as " + entry.publishedAs());
        }
        entry.heard()
                .forEach(heard ->
                        details.add("heard by " + heard.context() + " after " + Durations.text(heard.after())));
        if (entry.publishedAs() != null && entry.heard().isEmpty()) {
            details.add("nobody who was asked has heard it");
        }
        return entry.context() + ": " + entry.type() + ".v" + entry.version()
                + (details.isEmpty() ? "" : "  (" + String.join("; ", details) + ")");
    }

    /** An event to print, what stands before it, and before those that it caused. */
    private record Branch(Entry entry, String prefix, String below, int depth) {}

    private void longestWait() {
        Entry longest = null;
        Duration wait = Duration.ZERO;
        int backwards = 0;
        for (Entry entry : timeline.events()) {
            Duration after = entry.afterCause();
            if (after != null && after.compareTo(wait) > 0) {
                longest = entry;
                wait = after;
            }
            backwards += after != null && after.isNegative() ? 1 : 0;
        }
        if (longest != null) {
            line("Longest wait: " + Durations.text(wait) + " before " + longest.context() + ": " + longest.type());
        }
        if (backwards > 0) {
            line("The contexts' clocks differ: " + backwards
                    + " events bear an earlier time than what caused them. The order is right nevertheless.");
        }
    }

    private void standing(ProcessStatus status) {
        for (SagaLine saga : status.sagas()) {
            line(status.context() + ", saga " + saga.saga() + ": "
                    + (saga.endedAt() == null ? "goes on" : "ended at " + DAY.format(saga.endedAt()) + " UTC"));
            for (StepLine step : saga.steps()) {
                line("  " + step(step));
            }
        }
        status.outsideCalls()
                .forEach(call -> line(status.context() + ", outside call " + call.kind() + ": " + call.status() + ", "
                        + call.attempts() + " attempts, next at " + DAY.format(call.dueAt()) + " UTC"));
        status.failures()
                .forEach(failure -> line(status.context() + ", SET ASIDE in " + failure.processor() + " ("
                        + failure.status() + ", " + failure.attempts() + " attempts): " + failure.error() + " at "
                        + failure.failedEventType() + " " + failure.failedEvent() + "; " + failure.waitingEvents()
                        + " events wait"));
    }

    private static String step(StepLine step) {
        List<String> words = new ArrayList<>();
        words.add(step.step() + ": "
                + (step.status() == null ? "not begun" : step.status().name().toLowerCase(Locale.ROOT)));
        if (step.attempt() > 1) {
            words.add("attempt " + step.attempt());
        }
        if (!step.awaits().isEmpty()) {
            words.add("awaits " + String.join(" or ", step.awaits()));
        }
        if (step.deadline() != null) {
            words.add("until " + DAY.format(step.deadline()) + " UTC");
        }
        if (step.overdue()) {
            words.add("OVERDUE");
        }
        if (step.error() != null) {
            words.add("error: " + step.error());
        }
        return String.join(", ", words);
    }

    private void line(String line) {
        text.append(line.replaceAll("\\p{Cntrl}", "?")).append('\n');
    }
}
