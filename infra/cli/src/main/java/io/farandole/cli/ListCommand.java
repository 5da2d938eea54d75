package io.farandole.cli;

import java.io.PrintWriter;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** What is set aside. */
@Command(name = "list", mixinStandardHelpOptions = true, description = "Lists them, oldest first.")
final class ListCommand implements Callable<Integer> {

    private static final int LONGEST_ERROR = 70;

    private final Surroundings surroundings;

    @Mixin
    private final Services services;

    @Mixin
    private final Output output;

    @Option(
            names = {"--processor", "--saga"},
            paramLabel = "NAME",
            description = "Of one event processor: its processing group, or its saga's class followed by Processor.")
    private @Nullable String processor;

    @Option(names = "--status", paramLabel = "STATUS", description = "PARKED (waits for a person) or RETRYING.")
    private @Nullable String status;

    @Option(names = "--min-age", paramLabel = "AGE", description = "Set aside for at least so long, such as 15m or 2h.")
    private @Nullable String minimumAge;

    @Option(names = "--fingerprint", paramLabel = "ID", description = "With one kind of failure; see `parked groups`.")
    private @Nullable String fingerprint;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "50",
            description = "At most so many of a context, 1 to 1000; default ${DEFAULT-VALUE}.")
    private int limit = 50;

    @Option(names = "--after", paramLabel = "PAGE", description = "The page after this one, as a list before told.")
    private @Nullable String after;

    ListCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
        this.services = new Services(surroundings);
        this.output = new Output(surroundings);
    }

    @Override
    public Integer call() {
        Map<String, @Nullable String> parameters = new LinkedHashMap<>();
        parameters.put("processor", processor);
        parameters.put("status", status);
        parameters.put("minimumAge", minimumAge);
        parameters.put("fingerprint", fingerprint);
        parameters.put("after", after);
        parameters.put("limit", Integer.toString(limit));
        Everywhere everywhere = new Everywhere(surroundings);
        JsonNode answers = everywhere.ask(services.asked(), service -> service.operations("/parked", parameters));
        output.print(answers, out -> print(answers, out));
        return everywhere.exitCode();
    }

    private void print(JsonNode answers, PrintWriter out) {
        Instant now = surroundings.clock().instant();
        Table table = new Table(
                "CONTEXT", "PROCESSOR", "PROCESS", "STATUS", "AGE", "ATTEMPTS", "WAITING", "FAILED AT", "ERROR");
        boolean any = false;
        for (JsonNode context : Everywhere.contexts(answers)) {
            for (JsonNode process : context.path("processes")) {
                any = true;
                String error = Text.simple(Text.of(process.path("errorClass")));
                String message = Text.of(process.path("errorMessage"));
                table.row(
                        Everywhere.context(context),
                        Text.of(process.path("processor")),
                        Text.of(process.path("processKey")),
                        Text.of(process.path("status")),
                        Text.age(process.path("firstFailedAt"), now),
                        Text.of(process.path("attempts")),
                        Text.of(process.path("waitingEvents")),
                        Text.simple(Text.of(process.path("failedEventType"))),
                        Text.shortened(message.isEmpty() ? error : error + ": " + message, LONGEST_ERROR));
            }
        }
        if (any) {
            table.print(out);
        } else if (answers.findValue("processes") != null) {
            out.println("Nothing is set aside.");
        }
        for (JsonNode context : Everywhere.contexts(answers)) {
            String next = Text.of(context.path("next"));
            if (!next.isEmpty()) {
                out.println("There are more: --context " + Everywhere.context(context) + " --after " + next);
            }
        }
    }
}
