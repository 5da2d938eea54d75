package io.farandole.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** Stops a group retry. */
@Command(
        name = "retry-cancel",
        mixinStandardHelpOptions = true,
        description = "Stops a group retry: no more of it are requested; what has been requested is carried out.")
final class RetryCancelCommand implements Callable<Integer> {

    @Mixin
    private final Services services;

    @Mixin
    private final Output output;

    @Mixin
    private final Reason reason = new Reason();

    @Parameters(paramLabel = "ID", description = "As `parked retry-group` told.")
    private String id = "";

    RetryCancelCommand(Surroundings surroundings) {
        this.services = new Services(surroundings);
        this.output = new Output(surroundings);
    }

    @Override
    public Integer call() {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("reason", reason.text());
        JsonNode answer = services.one().operate("/parkedretries/" + PathSegment.of(id) + "/cancel", fields);
        output.print(answer, out -> GroupRetryText.print(answer.path("retry"), out));
        return ExitCode.DONE;
    }
}
