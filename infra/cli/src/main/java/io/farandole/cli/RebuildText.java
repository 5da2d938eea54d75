package io.farandole.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Rebuilds and comparisons, for people. */
final class RebuildText {

    private static final Set<String> ENDED = Set.of("DONE", "FAILED", "CANCELLED");
    private static final int LONGEST_VALUE = 200;

    private RebuildText() {}

    static boolean isEnded(JsonNode rebuild) {
        return ENDED.contains(Text.of(rebuild.path("state")));
    }

    static String sentence(JsonNode rebuild) {
        String sentence = Text.of(rebuild.path("sentence"));
        return sentence.isEmpty()
                ? "Number " + Text.of(rebuild.path("id")) + " is " + Text.of(rebuild.path("state")) + "."
                : Text.line(sentence);
    }

    static int percent(JsonNode rebuild) {
        long head = rebuild.path("head").asLong(0);
        long position = rebuild.path("position").asLong(0);
        return head <= 0 ? 0 : (int) Math.min(100, position * 100 / head);
    }

    /** {@code 43 %, 12000 of 27900, 5300/s, 3 s left}. */
    static String progress(JsonNode rebuild) {
        String left = Text.of(rebuild.path("secondsLeft"));
        return percent(rebuild) + " %, position " + Text.of(rebuild.path("position")) + " of "
                + Text.of(rebuild.path("head")) + ", " + Text.of(rebuild.path("perSecond")) + "/s"
                + (left.isEmpty() ? "" : ", " + left + " s left");
    }

    static void print(JsonNode rebuild, PrintWriter out) {
        Table table = table("");
        row(table, "", rebuild);
        table.print(out);
        String sentence = Text.of(rebuild.path("sentence"));
        if (!sentence.isEmpty()) {
            out.println(Text.line(sentence));
        }
        differences(rebuild.path("difference"), out);
    }

    static void printAll(JsonNode answers, PrintWriter out) {
        Table table = table("CONTEXT");
        boolean any = false;
        for (JsonNode context : Everywhere.contexts(answers)) {
            for (JsonNode rebuild : context.path("rebuilds")) {
                any = true;
                row(table, Everywhere.context(context), rebuild);
            }
        }
        if (any) {
            table.print(out);
        } else if (answers.findValue("rebuilds") != null) {
            out.println("Nothing has been rebuilt or compared.");
        }
        for (JsonNode context : Everywhere.contexts(answers)) {
            String models =
                    context.path("readModels").valueStream().map(Text::of).collect(Collectors.joining(", "));
            if (!models.isEmpty()) {
                out.println("Can be rebuilt in " + Everywhere.context(context) + ": " + models);
            }
        }
    }

    private static Table table(String context) {
        return context.isEmpty()
                ? new Table("NUMBER", "WHAT", "READ MODEL", "STATE", "PROGRESS", "BY", "AT", "LIMITED TO")
                : new Table(context, "NUMBER", "WHAT", "READ MODEL", "STATE", "PROGRESS", "BY", "AT", "LIMITED TO");
    }

    private static void row(Table table, String context, JsonNode rebuild) {
        String[] cells = {
            Text.of(rebuild.path("id")),
            Text.of(rebuild.path("purpose")).toLowerCase(Locale.ROOT),
            Text.of(rebuild.path("readModel")),
            Text.of(rebuild.path("state")),
            isEnded(rebuild) ? "" : progress(rebuild),
            Text.of(rebuild.path("by")),
            Text.of(rebuild.path("requestedAt")),
            Text.of(rebuild.path("limitedTo"))
        };
        if (context.isEmpty()) {
            table.row(cells);
        } else {
            String[] more = new String[cells.length + 1];
            more[0] = context;
            System.arraycopy(cells, 0, more, 1, cells.length);
            table.row(more);
        }
    }

    static long count(JsonNode difference) {
        long count = 0;
        for (JsonNode table : difference.path("tables")) {
            count += table.path("missing").asLong(0)
                    + table.path("extra").asLong(0)
                    + table.path("different").asLong(0);
        }
        return count;
    }

    static void differences(JsonNode difference, PrintWriter out) {
        for (JsonNode table : difference.path("tables")) {
            for (JsonNode row : table.path("examples")) {
                String key = row.path("key")
                        .propertyStream()
                        .map(each -> each.getKey() + "=" + Text.of(each.getValue()))
                        .collect(Collectors.joining(", "));
                out.println(Text.line(Text.of(table.path("table")) + " " + key + ": " + what(row)));
            }
            long all = table.path("missing").asLong(0)
                    + table.path("extra").asLong(0)
                    + table.path("different").asLong(0);
            if (all > table.path("examples").size()) {
                out.println("... and " + (all - table.path("examples").size()) + " more rows of "
                        + Text.line(Text.of(table.path("table"))));
            }
        }
    }

    private static String what(JsonNode row) {
        return switch (Text.of(row.path("kind"))) {
            case "MISSING" -> "is missing; should be " + values(row, "rebuilt");
            case "EXTRA" -> "should not be there; is " + values(row, "live");
            default ->
                row.path("columns")
                        .valueStream()
                        .map(column -> Text.of(column.path("name")) + " is " + value(column.path("live"))
                                + ", should be " + value(column.path("rebuilt")))
                        .collect(Collectors.joining("; "));
        };
    }

    private static String values(JsonNode row, String of) {
        return row.path("columns")
                .valueStream()
                .map(column -> Text.of(column.path("name")) + "=" + value(column.path(of)))
                .collect(Collectors.joining(", "));
    }

    private static String value(JsonNode value) {
        return value.isNull() || value.isMissingNode() ? "null" : Text.shortened(value.toString(), LONGEST_VALUE);
    }
}
