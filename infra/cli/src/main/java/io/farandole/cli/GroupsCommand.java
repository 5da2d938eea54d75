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

/** What failed in the same way. */
@Command(
        name = "groups",
        mixinStandardHelpOptions = true,
        description = "Counts what failed in the same way, the largest group first.")
final class GroupsCommand implements Callable<Integer> {

    private static final int LONGEST_ERROR = 70;

    private final Surroundings surroundings;

    @Mixin
    private final Services services;

    @Mixin
    private final Output output;

    @Option(
            names = {"--processor", "--saga"},
            paramLabel = "NAME",
            description = "Of one event processor.")
    private @Nullable String processor;

    GroupsCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
        this.services = new Services(surroundings);
        this.output = new Output(surroundings);
    }

    @Override
    public Integer call() {
        Map<String, @Nullable String> parameters = new LinkedHashMap<>();
        parameters.put("processor", processor);
        Everywhere everywhere = new Everywhere(surroundings);
        JsonNode answers = everywhere.ask(services.asked(), service -> service.operations("/parkedgroups", parameters));
        output.print(answers, out -> print(answers, out));
        return everywhere.exitCode();
    }

    private void print(JsonNode answers, PrintWriter out) {
        Instant now = surroundings.clock().instant();
        Table table = new Table(
                "CONTEXT", "PROCESSOR", "FINGERPRINT", "PARKED", "RETRYING", "OLDEST", "NEWEST", "SAMPLE", "ERROR");
        boolean any = false;
        for (JsonNode context : Everywhere.contexts(answers)) {
            for (JsonNode group : context.path("groups")) {
                any = true;
                table.row(
                        Everywhere.context(context),
                        Text.of(group.path("processor")),
                        Text.of(group.path("fingerprint")),
                        Text.of(group.path("parked")),
                        Text.of(group.path("retrying")),
                        Text.age(group.path("oldest"), now),
                        Text.age(group.path("newest"), now),
                        Text.of(group.path("sampleKey")),
                        Text.shortened(
                                Text.simple(Text.of(group.path("errorClass"))) + ": "
                                        + Text.of(group.path("errorMessage")),
                                LONGEST_ERROR));
            }
        }
        if (any) {
            table.print(out);
        } else if (answers.findValue("groups") != null) {
            out.println("Nothing is set aside.");
        }
    }
}
