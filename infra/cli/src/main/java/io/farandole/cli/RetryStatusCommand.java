package io.farandole.cli;

import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** How far group retries have come. */
@Command(
        name = "retry-status",
        mixinStandardHelpOptions = true,
        description = "Tells how far a group retry has come; without an id, the latest ones.")
final class RetryStatusCommand implements Callable<Integer> {

    private final Surroundings surroundings;

    @Mixin
    private final Services services;

    @Mixin
    private final Output output;

    @Parameters(arity = "0..1", paramLabel = "ID", description = "As `parked retry-group` told.")
    private @Nullable String id;

    RetryStatusCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
        this.services = new Services(surroundings);
        this.output = new Output(surroundings);
    }

    @Override
    public Integer call() {
        if (id != null) {
            JsonNode answer = services.one().operations("/parkedretries/" + PathSegment.of(id), Map.of());
            output.print(answer, out -> GroupRetryText.print(answer.path("retry"), out));
            return ExitCode.DONE;
        }
        Everywhere everywhere = new Everywhere(surroundings);
        JsonNode answers = everywhere.ask(services.asked(), service -> service.operations("/parkedretries", Map.of()));
        output.print(answers, out -> print(answers, out));
        return everywhere.exitCode();
    }

    private static void print(JsonNode answers, PrintWriter out) {
        Table table = GroupRetryText.table("CONTEXT");
        boolean any = false;
        for (JsonNode context : Everywhere.contexts(answers)) {
            for (JsonNode retry : context.path("retries")) {
                any = true;
                GroupRetryText.row(table, Everywhere.context(context), retry);
            }
        }
        if (any) {
            table.print(out);
        } else if (answers.findValue("retries") != null) {
            out.println("There was no group retry.");
        }
    }
}
