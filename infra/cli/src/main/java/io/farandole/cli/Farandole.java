package io.farandole.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command line. {@code farandole help} tells how to use it. */
@Command(
        name = "farandole",
        mixinStandardHelpOptions = true,
        version = "farandole 0.1.0-SNAPSHOT",
        description = "What an operator of Farandole's services types.",
        subcommands = {
            ParkedCommand.class,
            SagaCommand.class,
            TimelineCommand.class,
            ReportCommand.class,
            ExportCommand.class,
            ReconcileCommand.class,
            BackfillCommand.class,
            VerifyCommand.class,
            CompareCommand.class,
            RebuildCommand.class,
            StateCommand.class,
            DiffCommand.class,
            WhatIfCommand.class,
            RecordCommand.class,
            EraseCommand.class,
            OperatorCommand.class,
            CommandLine.HelpCommand.class
        },
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nWhere the services are, and who you are:%n",
        footer = {
            "  FARANDOLE_<CONTEXT>_URL        of each service, such as FARANDOLE_STOCK_URL=https://stock.example.org;",
            "                                 without --context, lists ask all of them",
            "  FARANDOLE_<CONTEXT>_MANAGEMENT_URL",
            "                                 where Actuator is, if it is not at <url>/actuator",
            "  FARANDOLE_OPERATOR, FARANDOLE_OPERATOR_PASSWORD",
            "                                 asked for on the terminal if they are not set",
            "",
            "Exit codes: 0 done, 1 refused, 2 usage, 3 a service is not reachable or has not let you in."
        })
final class Farandole implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli's
    private CommandSpec spec;

    private final Surroundings surroundings;

    Farandole(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    /** Ends the JVM with the exit code. */
    public static void main(String[] arguments) {
        System.exit(run(Surroundings.ofThisProcess(), arguments));
    }

    static int run(Surroundings surroundings, String... arguments) {
        CommandLine line = new CommandLine(new Farandole(surroundings), new Commands(surroundings));
        line.setOut(surroundings.out());
        line.setErr(surroundings.err());
        // A process key may begin with @, and then names no file of arguments.
        line.setExpandAtFiles(false);
        line.setUsageHelpAutoWidth(true);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setExecutionExceptionHandler((failure, command, parsed) -> {
            if (failure instanceof EndedException ended) {
                surroundings.err().println("farandole: " + Text.line(String.valueOf(ended.getMessage())));
                surroundings.err().flush();
                return ended.exitCode();
            }
            throw failure;
        });
        int code = line.execute(arguments);
        surroundings.out().flush();
        return code;
    }

    @Override
    public Integer call() {
        spec.commandLine().usage(surroundings.err());
        return ExitCode.USAGE;
    }
}
