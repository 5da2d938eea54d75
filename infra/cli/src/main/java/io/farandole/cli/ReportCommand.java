package io.farandole.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/** Figures over many processes. */
@Command(
        name = "report",
        mixinStandardHelpOptions = true,
        description = "Figures over the processes of a period, context by context.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {ReportCommand.Ends.class, ReportCommand.Slow.class, ReportCommand.Time.class})
final class ReportCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli's
    private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return ExitCode.USAGE;
    }

    /** What all reports are asked with. */
    abstract static class Report implements Callable<Integer> {

        private final Surroundings surroundings;
        private final String kind;

        @Mixin
        private final Services services;

        @Mixin
        private final Output output;

        @Option(
                names = "--from",
                paramLabel = "TIME",
                description = "Such as 2026-03-01T10:00:00Z; a day before its end by default.")
        private @Nullable String from;

        @Option(names = "--to", paramLabel = "TIME", description = "The first moment after it; now by default.")
        private @Nullable String to;

        @Option(names = "--limit", paramLabel = "N", description = "At most so many lines, up to 1000; 20 by default.")
        private @Nullable String limit;

        Report(Surroundings surroundings, String kind) {
            this.surroundings = surroundings;
            this.kind = kind;
            this.services = new Services(surroundings);
            this.output = new Output(surroundings);
        }

        abstract void ask(Map<String, @Nullable String> parameters);

        @Override
        public Integer call() {
            Map<String, @Nullable String> parameters = new LinkedHashMap<>();
            parameters.put("kind", kind);
            parameters.put("from", from);
            parameters.put("to", to);
            parameters.put("limit", limit);
            ask(parameters);
            Everywhere everywhere = new Everywhere(surroundings);
            JsonNode answers = everywhere.ask(services.asked(), service -> service.operations("/report", parameters));
            output.print(
                    answers, out -> Everywhere.contexts(answers).forEach(context -> new JsonText(out).print(context)));
            return everywhere.exitCode();
        }
    }

    /** How they ended. */
    @Command(
            name = "ends",
            mixinStandardHelpOptions = true,
            description =
                    "How many processes had an event of a type, by what one of its fields says: cancelled orders by reason.")
    static final class Ends extends Report {

        @Parameters(index = "0", paramLabel = "TYPE", description = "The stored name, such as order.cancelled.")
        private String type = "";

        @Parameters(
                index = "1",
                paramLabel = "FIELD",
                description = "Of its payload, such as reason; a dot leads into an object.")
        private String field = "";

        Ends(Surroundings surroundings) {
            super(surroundings, "ends");
        }

        @Override
        void ask(Map<String, @Nullable String> parameters) {
            parameters.put("type", type);
            parameters.put("field", field);
        }
    }

    /** Which took long. */
    @Command(
            name = "slow",
            mixinStandardHelpOptions = true,
            description = "The processes that took longest, and the longest wait in each.")
    static final class Slow extends Report {

        @Option(
                names = "--longer-than",
                paramLabel = "DURATION",
                defaultValue = "0s",
                description = "Such as 5s or 2m; default ${DEFAULT-VALUE}.")
        private String longerThan = "0s";

        Slow(Surroundings surroundings) {
            super(surroundings, "slow");
        }

        @Override
        void ask(Map<String, @Nullable String> parameters) {
            parameters.put("longerThan", longerThan);
        }
    }

    /** Where their time went. */
    @Command(
            name = "time",
            mixinStandardHelpOptions = true,
            description = "Between which types of events the time of all processes went.")
    static final class Time extends Report {

        Time(Surroundings surroundings) {
            super(surroundings, "time");
        }

        @Override
        void ask(Map<String, @Nullable String> parameters) {
            // Nothing more.
        }
    }
}
