package io.farandole.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** Decisions that leave events out for good. They show which, and are sent once a person has said yes. */
abstract class LeaveOutCommand implements Callable<Integer> {

    private final String decision;

    @Mixin
    private final Deciding deciding;

    @Option(names = "--yes", description = "Without being asked.")
    private boolean yes;

    LeaveOutCommand(String decision, Surroundings surroundings) {
        this.decision = decision;
        this.deciding = new Deciding(surroundings);
    }

    /** Leaves the failed event out. */
    @Command(
            name = "skip",
            mixinStandardHelpOptions = true,
            description = "Leaves the failed event out for this processor; what is queued behind it goes on.")
    static final class Skip extends LeaveOutCommand {
        Skip(Surroundings surroundings) {
            super("SKIP", surroundings);
        }
    }

    /** Its work was done by hand. */
    @Command(
            name = "resolve",
            mixinStandardHelpOptions = true,
            description = "As skip, for an event whose work you have done by hand elsewhere.")
    static final class Resolve extends LeaveOutCommand {
        Resolve(Surroundings surroundings) {
            super("RESOLVE", surroundings);
        }
    }

    /** Leaves all that waits out. */
    @Command(
            name = "discard",
            mixinStandardHelpOptions = true,
            description =
                    "Leaves the failed event and all that is queued behind it now out; what comes later is handled.")
    static final class Discard extends LeaveOutCommand {
        Discard(Surroundings surroundings) {
            super("DISCARD", surroundings);
        }
    }

    /** Undoes the process. */
    @Command(
            name = "compensate",
            mixinStandardHelpOptions = true,
            description = "Leaves the failed event out, and has the saga undo what the process has done so far.")
    static final class Compensate extends LeaveOutCommand {
        Compensate(Surroundings surroundings) {
            super("COMPENSATE", surroundings);
        }
    }

    @Override
    public Integer call() {
        Terminal terminal = deciding.surroundings().terminal();
        if (!yes && !terminal.isThere()) {
            throw EndedException.usage(
                    "What is left out is left out for good, and nobody is here to be asked: say --yes.");
        }
        Service service = deciding.service();
        JsonNode looked = deciding.look(service);
        String event = deciding.event(looked);
        PrintWriter err = deciding.surroundings().err();
        err.println(Text.line(consequence(looked.path("process"), event)));
        err.flush();
        if (!yes) {
            String question = decision.toLowerCase(Locale.ROOT) + " " + Text.line(deciding.processKey()) + " in "
                    + Text.line(deciding.processor()) + " of " + service.name() + "? Type yes: ";
            String answer = terminal.ask(question);
            if (answer == null || !answer.strip().equalsIgnoreCase("yes")) {
                throw EndedException.refused("Nothing was decided.");
            }
        }
        return deciding.decide(service, decision, event);
    }

    private String consequence(JsonNode parked, String event) {
        String shown = parked.path("failedEventId").asString("");
        String failed = event.equals(shown)
                ? Text.simple(parked.path("failedEventType").asString("")) + " " + shown + " at position "
                        + parked.path("failedPosition").asString("")
                : event;
        long behind = Math.max(0, parked.path("waitingEvents").asLong() - 1);
        return "Will be left out: " + failed
                + (decision.equals("DISCARD") && behind > 0
                        ? ", and " + behind + (behind == 1 ? " event" : " events") + " queued behind it"
                        : "")
                + (decision.equals("COMPENSATE") ? "; the process is compensated" : "");
    }
}
