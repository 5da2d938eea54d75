package io.farandole.cli;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** An aggregate as it was. */
@Command(
        name = "state",
        mixinStandardHelpOptions = true,
        description =
                "Shows what an aggregate looked like: after its last event, after another one, or at a time; or the events that made it.")
final class StateCommand implements Callable<Integer> {

    @Mixin
    private final Services services;

    @Mixin
    private final Output output;

    @Parameters(paramLabel = "ID", description = "The aggregate's id, such as an order id.")
    private String id = "";

    @ArgGroup
    private Moment moment = new Moment();

    @Option(names = "--limit", paramLabel = "N", description = "With --versions: at most so many; default 100.")
    private @Nullable Integer limit;

    StateCommand(Surroundings surroundings) {
        this.services = new Services(surroundings);
        this.output = new Output(surroundings);
    }

    /** At most one of them. */
    static final class Moment {

        @Option(names = "--sequence", paramLabel = "N", description = "After the event of this number, from 0.")
        private @Nullable String sequence;

        @Option(names = "--at", paramLabel = "TIME", description = "At a time, such as 2026-11-22T10:15:30Z.")
        private @Nullable String at;

        @Option(
                names = "--versions",
                paramLabel = "FROM",
                arity = "0..1",
                fallbackValue = "0",
                description = "The events that made it instead, from this number on.")
        private @Nullable String versions;
    }

    @Override
    public Integer call() {
        Service service = services.one("order");
        Map<String, @Nullable String> parameters = new LinkedHashMap<>();
        parameters.put("id", id);
        if (moment.versions != null) {
            parameters.put("from", moment.versions);
            parameters.put("limit", limit == null ? null : limit.toString());
            JsonNode versions = service.operations("/aggregateversions", parameters);
            output.print(versions, out -> printVersions(versions, out));
        } else {
            parameters.put("sequence", moment.sequence);
            parameters.put("at", moment.at);
            JsonNode state = service.operations("/aggregatestate", parameters);
            output.print(state, out -> print(state.path("aggregate"), out));
        }
        return ExitCode.DONE;
    }

    private static void print(JsonNode state, PrintWriter out) {
        JsonNode version = state.path("version");
        out.println(Text.of(state.path("aggregateType")) + " " + Text.of(state.path("aggregateId")) + " after event "
                + Text.of(version.path("sequence")) + " of " + Text.of(state.path("lastSequence")) + ": "
                + Text.of(version.path("type")) + ", " + Text.of(version.path("occurredAt")) + ", position "
                + Text.of(version.path("position"))
                + (state.path("deleted").asBoolean(false) ? ", deleted" : ""));
        String cause = Text.of(version.path("causationId"));
        if (!cause.isEmpty()) {
            out.println("caused by " + cause);
        }
        out.println();
        Table table = new Table("FIELD", "VALUE");
        StateFields.of(state.path("state")).forEach(table::row);
        table.print(out);
        printNotes(state, out);
    }

    static void printNotes(JsonNode answer, PrintWriter out) {
        answer.path("notes").forEach(note -> out.println("note: " + Text.of(note)));
    }

    private static void printVersions(JsonNode page, PrintWriter out) {
        out.println(Text.of(page.path("aggregateType")) + " " + Text.of(page.path("aggregateId")));
        Table table = new Table("SEQUENCE", "TYPE", "AT", "POSITION", "EVENT", "CAUSED BY", "NOTE");
        page.path("versions")
                .forEach(version -> table.row(
                        Text.of(version.path("sequence")),
                        Text.of(version.path("type")),
                        Text.of(version.path("occurredAt")),
                        Text.of(version.path("position")),
                        Text.of(version.path("eventId")),
                        Text.of(version.path("causationId")),
                        Text.of(version.path("raw"))));
        table.print(out);
        String next = Text.of(page.path("next"));
        if (!next.isEmpty()) {
            out.println("There are more: --versions " + next);
        }
    }
}
