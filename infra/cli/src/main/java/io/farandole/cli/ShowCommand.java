package io.farandole.cli;

import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** One process. */
@Command(
        name = "show",
        mixinStandardHelpOptions = true,
        description = "Shows one process, what was decided about it, and what has become of that.")
final class ShowCommand implements Callable<Integer> {

    @Mixin
    private final Services services;

    @Mixin
    private final Output output;

    @Mixin
    private final OneProcess process = new OneProcess();

    @Option(names = "--stack-trace", description = "With the stack trace of its latest failure, whole.")
    private boolean stackTrace;

    ShowCommand(Surroundings surroundings) {
        this.services = new Services(surroundings);
        this.output = new Output(surroundings);
    }

    @Override
    public Integer call() {
        Map<String, @Nullable String> parameters = process.parameters();
        parameters.put("stackTrace", Boolean.toString(stackTrace));
        JsonNode shown = services.one().operations("/parkedprocess", parameters);
        output.print(shown, out -> print(shown, out));
        return ExitCode.DONE;
    }

    static void print(JsonNode shown, PrintWriter out) {
        JsonNode parked = shown.path("process");
        if (parked.isObject()) {
            Fields fields = new Fields(parked);
            fields.print(out, "process", "processKey");
            fields.print(out, "processor", "processor");
            fields.print(out, "status", "status");
            out.println("failed at      " + fields.of("failedEventType") + "  " + fields.of("failedEventId")
                    + ", position " + fields.of("failedPosition"));
            out.println("with           " + fields.of("errorClass") + ": " + fields.of("errorMessage"));
            fields.print(out, "fingerprint", "fingerprint");
            fields.print(out, "attempts", "attempts");
            out.println("set aside      " + fields.of("firstFailedAt") + ", last attempt " + fields.of("lastFailedAt"));
            fields.print(out, "events waiting", "waitingEvents");
        }
        out.println("now            " + Text.of(shown.path("sentence")));
        printDecisions(shown.path("decisions"), out);
        JsonNode trace = shown.path("stackTrace");
        if (trace.isString()) {
            out.println();
            out.println(Text.lines(trace.asString()));
        }
    }

    private static void printDecisions(JsonNode decisions, PrintWriter out) {
        if (decisions.isEmpty()) {
            return;
        }
        Table table = new Table("DECISION", "STATE", "FAILED", "BY", "AT", "EVENT", "REASON");
        for (JsonNode decision : decisions) {
            table.row(
                    Text.of(decision.path("decision")),
                    Text.of(decision.path("state")),
                    Text.of(decision.path("failedAttempts")),
                    Text.of(decision.path("by")),
                    Text.of(decision.path("decidedAt")),
                    Text.of(decision.path("eventId")),
                    Text.of(decision.path("reason")));
        }
        out.println();
        table.print(out);
    }

    private record Fields(JsonNode node) {

        String of(String field) {
            return Text.of(node.path(field));
        }

        void print(PrintWriter out, String label, String field) {
            out.println(label + " ".repeat(Math.max(1, 15 - label.length())) + of(field));
        }
    }
}
