package io.farandole.cli;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** What a saga would have done. */
@Command(
        name = "what-if",
        mixinStandardHelpOptions = true,
        description =
                "Replays the recorded history into the deployed version of a saga, with everything that it would do noted and nothing done, and compares that with what the journal shows. Ends with 1 if a process differs.")
final class WhatIfCommand implements Callable<Integer> {

    @Mixin
    private final Services services;

    @Mixin
    private final Output output;

    @Parameters(paramLabel = "SAGA", description = "The saga's name, such as OrderFulfilment.")
    private String saga = "";

    @Option(names = "--from", paramLabel = "TIME", description = "The first moment that counts.")
    private @Nullable String from;

    @Option(names = "--to", paramLabel = "TIME", description = "The first moment that counts no more.")
    private @Nullable String to;

    @Option(names = "--key", paramLabel = "KEY", description = "This process only.")
    private @Nullable String key;

    @Option(names = "--limit", paramLabel = "N", description = "At most so many processes.")
    private @Nullable Integer limit;

    WhatIfCommand(Surroundings surroundings) {
        this.services = new Services(surroundings);
        this.output = new Output(surroundings);
    }

    @Override
    public Integer call() {
        Map<String, @Nullable String> parameters = new LinkedHashMap<>();
        parameters.put("saga", saga);
        parameters.put("from", from);
        parameters.put("to", to);
        parameters.put("key", key);
        parameters.put("limit", limit == null ? null : limit.toString());
        JsonNode report = services.one().operations("/whatif", parameters);
        output.print(report, out -> print(report, out));
        return report.path("differing").asInt(0) == 0 ? ExitCode.DONE : ExitCode.REFUSED;
    }

    private static void print(JsonNode report, PrintWriter out) {
        report.path("differences").forEach(process -> {
            out.println("process " + Text.of(process.path("processKey")));
            process.path("events").forEach(event -> {
                out.println("  " + Text.of(event.path("type")) + " at " + Text.of(event.path("at")) + ", position "
                        + Text.of(event.path("position")));
                event.path("before").forEach(line -> out.println("    - " + Text.of(line)));
                event.path("now").forEach(line -> out.println("    + " + Text.of(line)));
            });
            process.path("others").forEach(line -> out.println("  " + Text.of(line)));
        });
        StateCommand.printNotes(report, out);
        StringBuilder actions = new StringBuilder();
        report.path("actions").properties().forEach(kind -> actions.append(actions.isEmpty() ? "" : ", ")
                .append(Text.of(kind.getValue()))
                .append(' ')
                .append(Text.line(kind.getKey())));
        out.println(Text.of(report.path("saga")) + ": " + Text.of(report.path("differing")) + " of "
                + Text.of(report.path("processes")) + " processes differ from the " + Text.of(report.path("before"))
                + " (" + Text.of(report.path("events")) + " events; noted, not done: "
                + (actions.isEmpty() ? "nothing" : actions) + ")");
        String goneTo = Text.of(report.path("goneTo"));
        if (!goneTo.isEmpty()) {
            out.println("Not all was replayed. Go on with --from " + goneTo);
        }
    }
}
