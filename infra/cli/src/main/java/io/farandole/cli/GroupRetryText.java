package io.farandole.cli;

import java.io.PrintWriter;
import tools.jackson.databind.JsonNode;

/** How far a group retry has come, for people. */
final class GroupRetryText {

    private GroupRetryText() {}

    static void print(JsonNode retry, PrintWriter out) {
        Table table = table("");
        row(table, "", retry);
        table.print(out);
    }

    static Table table(String context) {
        return context.isEmpty()
                ? new Table(
                        "GROUP RETRY", "STATE", "REQUESTED", "RESOLVED", "FAILED AGAIN", "REMAINING", "BY", "AT", "OF")
                : new Table(
                        context,
                        "GROUP RETRY",
                        "STATE",
                        "REQUESTED",
                        "RESOLVED",
                        "FAILED AGAIN",
                        "REMAINING",
                        "BY",
                        "AT",
                        "OF");
    }

    static void row(Table table, String context, JsonNode retry) {
        String[] cells = {
            Text.of(retry.path("id")),
            Text.of(retry.path("state")),
            Text.of(retry.path("requested")),
            Text.of(retry.path("resolved")),
            Text.of(retry.path("failedAgain")),
            Text.of(retry.path("remaining")),
            Text.of(retry.path("by")),
            Text.of(retry.path("startedAt")),
            (Text.of(retry.path("processor")) + " " + Text.of(retry.path("fingerprint"))).strip()
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
}
