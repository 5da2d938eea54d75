package io.farandole.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** Where a process stands, over all contexts. */
@Command(
        name = "saga",
        mixinStandardHelpOptions = true,
        description = "Where a process stands in every context.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = SagaCommand.Status.class)
final class SagaCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli's
    private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return ExitCode.USAGE;
    }

    /** Its steps. */
    @Command(
            name = "status",
            mixinStandardHelpOptions = true,
            description =
                    "Shows an order's sagas and their steps, in every context: what is done, what is awaited, what failed.")
    static final class Status implements Callable<Integer> {

        @Mixin
        private final Services services;

        @Mixin
        private final Output output;

        @Parameters(paramLabel = "ORDER", description = "The order id.")
        private String orderId = "";

        Status(Surroundings surroundings) {
            this.services = new Services(surroundings);
            this.output = new Output(surroundings);
        }

        @Override
        public Integer call() {
            Map<String, @Nullable String> parameters = new LinkedHashMap<>();
            parameters.put("order_id", orderId);
            JsonNode status = services.one("order").ask("/saga/status", parameters);
            output.print(status, out -> new JsonText(out).print(status));
            return ExitCode.DONE;
        }
    }
}
