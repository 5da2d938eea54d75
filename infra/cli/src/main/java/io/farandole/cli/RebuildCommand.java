package io.farandole.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** Rebuilds a read model, beside the live one. */
@Command(
        name = "rebuild",
        mixinStandardHelpOptions = true,
        description =
                "Makes a read model anew from the journal, beside the live one, and puts the difference into it at the end,"
                        + " in one transaction: nobody sees it half-built.",
        subcommands = {
            RebuildCommand.Status.class,
            RebuildCommand.Pause.class,
            RebuildCommand.Resume.class,
            RebuildCommand.Cancel.class
        })
final class RebuildCommand implements Callable<Integer> {

    private final Surroundings surroundings;

    @Mixin
    private final Services services;

    @Mixin
    private final Output output;

    @Mixin
    private final Replayed replayed = new Replayed();

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why; recorded with your name. Required.")
    private String reason = "";

    @Option(names = "--no-wait", description = "Only ask for it; see `rebuild status`.")
    private boolean doNotWait;

    RebuildCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
        this.services = new Services(surroundings);
        this.output = new Output(surroundings);
    }

    @Override
    public Integer call() {
        if (reason.isBlank()) {
            throw EndedException.usage("Say why: --reason is recorded with who rebuilds.");
        }
        Service service = services.one();
        JsonNode started =
                service.operate("/rebuild", replayed.request("REBUILD", reason)).path("rebuild");
        if (doNotWait) {
            output.print(started, out -> RebuildText.print(started, out));
            return ExitCode.DONE;
        }
        JsonNode ended = new RebuildProgress(surroundings, service).follow(started);
        output.print(ended, out -> out.println(RebuildText.sentence(ended)));
        return Text.of(ended.path("state")).equals("DONE") ? ExitCode.DONE : ExitCode.REFUSED;
    }

    /** How far they have come. */
    @Command(
            name = "status",
            mixinStandardHelpOptions = true,
            description = "Tells how far one has come; without a number, the latest ones, comparisons too.")
    static final class Status extends NumberedStatus {

        Status(Surroundings surroundings) {
            super(surroundings, "rebuild", RebuildText::print, RebuildText::printAll);
        }
    }

    /** Stops one for a while. */
    @Command(
            name = "pause",
            mixinStandardHelpOptions = true,
            description = "Stops one until it is resumed; what is done is kept.")
    static final class Pause extends NumberedDecision {

        Pause(Surroundings surroundings) {
            super(surroundings, "rebuild", "pause", RebuildText::print);
        }
    }

    /** Goes on. */
    @Command(name = "resume", mixinStandardHelpOptions = true, description = "Goes on with a paused one.")
    static final class Resume extends NumberedDecision {

        Resume(Surroundings surroundings) {
            super(surroundings, "rebuild", "resume", RebuildText::print);
        }
    }

    /** Ends one. */
    @Command(
            name = "cancel",
            mixinStandardHelpOptions = true,
            description = "Ends one; the live tables stay as they are.")
    static final class Cancel extends NumberedDecision {

        Cancel(Surroundings surroundings) {
            super(surroundings, "rebuild", "cancel", RebuildText::print);
        }
    }
}
