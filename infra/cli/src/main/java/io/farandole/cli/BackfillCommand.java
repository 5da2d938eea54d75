package io.farandole.cli;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** Sends published history to one follower. */
@Command(
        name = "backfill",
        mixinStandardHelpOptions = true,
        description = {
            "Sends one follower what a context has published: the stored bytes under the stored ids, in order, to that follower's queue alone.",
            "What the follower has already is a duplicate there, and changes nothing. --context names the context that has published it."
        },
        subcommands = {
            BackfillCommand.Status.class,
            BackfillCommand.Pause.class,
            BackfillCommand.Resume.class,
            BackfillCommand.Cancel.class
        })
final class BackfillCommand implements Callable<Integer> {

    private static final String PATH = "/backfill";

    @Mixin
    private final Services services;

    @Mixin
    private final Output output;

    @Option(names = "--to", paramLabel = "CONTEXT", description = "The follower. Required.")
    private String follower = "";

    @Option(
            names = "--types",
            paramLabel = "TYPE,...",
            description = "Wire types, such as order.order-placed.v1; by default all that it follows.")
    private @Nullable String types;

    @Option(names = "--since", paramLabel = "TIME", description = "What occurred then or later; everything by default.")
    private @Nullable String since;

    @Option(
            names = "--until",
            paramLabel = "TIME",
            description = "What occurred before; by default all that there is now.")
    private @Nullable String until;

    @Option(names = "--rate", paramLabel = "N", description = "At most so many events a second.")
    private @Nullable String rate;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why; recorded with your name. Required.")
    private String reason = "";

    BackfillCommand(Surroundings surroundings) {
        this.services = new Services(surroundings);
        this.output = new Output(surroundings);
    }

    @Override
    public Integer call() {
        if (follower.isBlank() || reason.isBlank()) {
            throw EndedException.usage("Say to whom, --to, and why, --reason: it is recorded with your name.");
        }
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("follower", follower);
        fields.put("types", types);
        fields.put("from", since);
        fields.put("to", until);
        fields.put("rate", rate);
        fields.put("reason", reason);
        fields.values().removeIf(value -> value == null);
        JsonNode begun = services.one().operate(PATH, fields).path("backfill");
        output.print(begun, out -> print(begun, out));
        return ExitCode.DONE;
    }

    private static void print(JsonNode backfill, PrintWriter out) {
        long after = backfill.path("after").asLong(0);
        long whole = backfill.path("upTo").asLong(0) - after;
        long done = backfill.path("position").asLong(0) - after;
        StringBuilder line = new StringBuilder("Number " + Text.of(backfill.path("id")) + ", to "
                + Text.of(backfill.path("follower")) + ": " + Text.of(backfill.path("state")) + ", "
                + (whole == 0 ? 100 : done * 100 / whole) + " %, " + Text.of(backfill.path("events")) + " events");
        if (backfill.path("perSecond").asLong(0) > 0) {
            line.append(", ").append(Text.of(backfill.path("perSecond"))).append(" a second");
        }
        if (backfill.path("secondsLeft").isNumber()) {
            line.append(", ").append(Text.of(backfill.path("secondsLeft"))).append(" s left");
        }
        line.append("; by ")
                .append(Text.of(backfill.path("requestedBy")))
                .append(": ")
                .append(Text.of(backfill.path("reason")));
        if (backfill.path("trouble").isString()) {
            line.append("; held up since ")
                    .append(Text.of(backfill.path("troubleSince")))
                    .append(": ")
                    .append(Text.of(backfill.path("trouble")));
        }
        out.println(line);
    }

    private static void printAll(JsonNode answers, PrintWriter out) {
        Everywhere.contexts(answers).forEach(context -> {
            out.println(Everywhere.context(context) + (context.path("backfills").isEmpty() ? ": none" : ":"));
            context.path("backfills").forEach(backfill -> {
                out.print("  ");
                print(backfill, out);
            });
        });
    }

    /** How far they have come. */
    @Command(
            name = "status",
            mixinStandardHelpOptions = true,
            description = "Tells how far one has come; without a number, the latest ones.")
    static final class Status extends NumberedStatus {

        Status(Surroundings surroundings) {
            super(surroundings, "backfill", BackfillCommand::print, BackfillCommand::printAll);
        }
    }

    /** Stops one for a while. */
    @Command(name = "pause", mixinStandardHelpOptions = true, description = "Stops one until it is resumed.")
    static final class Pause extends NumberedDecision {

        Pause(Surroundings surroundings) {
            super(surroundings, "backfill", "pause", BackfillCommand::print);
        }
    }

    /** Goes on. */
    @Command(name = "resume", mixinStandardHelpOptions = true, description = "Goes on with a paused one.")
    static final class Resume extends NumberedDecision {

        Resume(Surroundings surroundings) {
            super(surroundings, "backfill", "resume", BackfillCommand::print);
        }
    }

    /** Ends one. */
    @Command(name = "cancel", mixinStandardHelpOptions = true, description = "Ends one; what has been sent stays sent.")
    static final class Cancel extends NumberedDecision {

        Cancel(Surroundings surroundings) {
            super(surroundings, "backfill", "cancel", BackfillCommand::print);
        }
    }
}
