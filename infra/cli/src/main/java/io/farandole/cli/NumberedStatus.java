package io.farandole.cli;

import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** How far long work that has a number has come; without a number, the latest of all contexts that are asked. */
abstract class NumberedStatus implements Callable<Integer> {

    private final Surroundings surroundings;

    @Mixin
    private final Services services;

    @Mixin
    private final Output output;

    @Parameters(arity = "0..1", paramLabel = "NUMBER")
    private @Nullable String id;

    private final String work;
    private final BiConsumer<JsonNode, PrintWriter> print;
    private final BiConsumer<JsonNode, PrintWriter> printAll;

    /**
     * A status.
     *
     * @param work the endpoint's name, and that of what it answers
     * @param print tells a person of one
     * @param printAll tells a person what all contexts have answered
     */
    NumberedStatus(
            Surroundings surroundings,
            String work,
            BiConsumer<JsonNode, PrintWriter> print,
            BiConsumer<JsonNode, PrintWriter> printAll) {
        this.surroundings = surroundings;
        this.services = new Services(surroundings);
        this.output = new Output(surroundings);
        this.work = work;
        this.print = print;
        this.printAll = printAll;
    }

    @Override
    public Integer call() {
        String path = "/" + work;
        if (id != null) {
            JsonNode one = services.one()
                    .operations(path + "/" + PathSegment.of(id), Map.of())
                    .path(work);
            output.print(one, out -> print.accept(one, out));
            return ExitCode.DONE;
        }
        Everywhere everywhere = new Everywhere(surroundings);
        JsonNode answers = everywhere.ask(services.asked(), service -> service.operations(path, Map.of()));
        output.print(answers, out -> printAll.accept(answers, out));
        return everywhere.exitCode();
    }
}
