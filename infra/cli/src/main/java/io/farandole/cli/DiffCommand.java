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

/** What has changed in an aggregate. */
@Command(
        name = "diff",
        mixinStandardHelpOptions = true,
        description = "Shows what has changed in an aggregate between two points, field by field, and by which event.")
final class DiffCommand implements Callable<Integer> {

    @Mixin
    private final Services services;

    @Mixin
    private final Output output;

    @Parameters(paramLabel = "ID", description = "The aggregate's id, such as an order id.")
    private String id = "";

    @Option(
            names = "--from",
            required = true,
            paramLabel = "POINT",
            description = "The number of an event, from 0, or a time, such as 2026-11-22T10:15:30Z.")
    private String from = "";

    @Option(names = "--to", paramLabel = "POINT", description = "The same; default: the last event.")
    private @Nullable String to;

    DiffCommand(Surroundings surroundings) {
        this.services = new Services(surroundings);
        this.output = new Output(surroundings);
    }

    @Override
    public Integer call() {
        Map<String, @Nullable String> parameters = new LinkedHashMap<>();
        parameters.put("id", id);
        parameters.put("from", from);
        parameters.put("to", to);
        JsonNode answer = services.one("order").operations("/aggregatediff", parameters);
        output.print(answer, out -> print(answer.path("difference"), out));
        return ExitCode.DONE;
    }

    private static void print(JsonNode difference, PrintWriter out) {
        out.println(Text.of(difference.path("aggregateType")) + " " + Text.of(difference.path("aggregateId"))
                + " from event " + version(difference.path("from")) + " to event "
                + version(difference.path("to")));
        out.println();
        Table fields = new Table("FIELD", "BEFORE", "AFTER", "BY EVENT");
        difference
                .path("changes")
                .forEach(change -> fields.row(
                        Text.of(change.path("field")),
                        side(change, "before"),
                        side(change, "after"),
                        numbers(change.path("by"))));
        if (difference.path("changes").isEmpty()) {
            out.println("No field differs.");
        } else {
            fields.print(out);
        }
        if (!difference.path("events").isEmpty()) {
            out.println();
            events(difference.path("events"), out);
        }
        StateCommand.printNotes(difference, out);
    }

    private static void events(JsonNode events, PrintWriter out) {
        Table table = new Table("EVENT", "TYPE", "AT", "POSITION", "CAUSED BY", "CHANGES");
        events.forEach(event -> {
            JsonNode version = event.path("version");
            StringBuilder changed = new StringBuilder();
            event.path("changes").forEach(change -> changed.append(changed.isEmpty() ? "" : ", ")
                    .append(Text.of(change.path("field"))));
            table.row(
                    Text.of(version.path("sequence")),
                    Text.of(version.path("type")),
                    Text.of(version.path("occurredAt")),
                    Text.of(version.path("position")),
                    Text.of(version.path("causationId")),
                    changed.toString());
        });
        table.print(out);
    }

    /** A side that is absent was not there: a null in the state is a null in the answer. */
    private static String side(JsonNode change, String side) {
        return StateFields.value(change.path(side));
    }

    private static String numbers(JsonNode by) {
        StringBuilder numbers = new StringBuilder();
        by.forEach(number -> numbers.append(numbers.isEmpty() ? "" : ", ").append(Text.of(number)));
        return numbers.toString();
    }

    private static String version(JsonNode version) {
        return Text.of(version.path("sequence")) + " (" + Text.of(version.path("occurredAt")) + ")";
    }
}
