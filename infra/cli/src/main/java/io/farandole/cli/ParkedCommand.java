package io.farandole.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Processes that failed and wait, and what a person may do about them. */
@Command(
        name = "parked",
        mixinStandardHelpOptions = true,
        description =
                "Processes that failed in an event processor and wait: who they are, why, and what is to be done.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            ListCommand.class,
            ShowCommand.class,
            GroupsCommand.class,
            RetryCommand.class,
            LeaveOutCommand.Skip.class,
            LeaveOutCommand.Compensate.class,
            LeaveOutCommand.Discard.class,
            LeaveOutCommand.Resolve.class,
            RetryGroupCommand.class,
            RetryStatusCommand.class,
            RetryCancelCommand.class
        })
final class ParkedCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli's
    private CommandSpec spec;

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return ExitCode.USAGE;
    }
}
