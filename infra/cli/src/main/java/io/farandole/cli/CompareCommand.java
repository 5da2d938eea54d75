package io.farandole.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** Compares a read model with what the journal makes of it. */
@Command(
        name = "compare",
        mixinStandardHelpOptions = true,
        description = "Makes a read model anew from the journal, beside the live one, and tells the rows that differ."
                + " Changes nothing. Exit code 1 if any row differs.")
final class CompareCommand implements Callable<Integer> {

    private final Surroundings surroundings;

    @Mixin
    private final Services services;

    @Mixin
    private final Output output;

    @Mixin
    private final Replayed replayed = new Replayed();

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            defaultValue = "compared from the command line",
            description = "Why; recorded with your name.")
    private String reason = "";

    CompareCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
        this.services = new Services(surroundings);
        this.output = new Output(surroundings);
    }

    @Override
    public Integer call() {
        Service service = services.one();
        JsonNode started =
                service.operate("/rebuild", replayed.request("COMPARE", reason)).path("rebuild");
        JsonNode ended = new RebuildProgress(surroundings, service).follow(started);
        output.print(ended, out -> {
            RebuildText.differences(ended.path("difference"), out);
            out.println(RebuildText.sentence(ended));
        });
        return Text.of(ended.path("state")).equals("DONE") && RebuildText.count(ended.path("difference")) == 0
                ? ExitCode.DONE
                : ExitCode.REFUSED;
    }
}
