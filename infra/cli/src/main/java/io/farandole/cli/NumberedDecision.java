package io.farandole.cli;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** What a person decides about long work that has a number, such as to pause it, with a reason. */
abstract class NumberedDecision implements Callable<Integer> {

    @Mixin
    private final Services services;

    @Mixin
    private final Output output;

    @Mixin
    private final Reason reason = new Reason();

    @Parameters(paramLabel = "NUMBER", description = "As the command's `status` tells.")
    private String id = "";

    private final String work;
    private final String action;
    private final BiConsumer<JsonNode, PrintWriter> print;

    /**
     * A decision.
     *
     * @param work the endpoint's name, and that of what it answers
     * @param action what is decided, as the endpoint names it
     * @param print tells a person how the work stands now
     */
    NumberedDecision(Surroundings surroundings, String work, String action, BiConsumer<JsonNode, PrintWriter> print) {
        this.services = new Services(surroundings);
        this.output = new Output(surroundings);
        this.work = work;
        this.action = action;
        this.print = print;
    }

    @Override
    public Integer call() {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("reason", reason.text());
        JsonNode now = services.one()
                .operate("/" + work + "/" + PathSegment.of(id) + "/" + action, fields)
                .path(work);
        output.print(now, out -> print.accept(now, out));
        return ExitCode.DONE;
    }
}
