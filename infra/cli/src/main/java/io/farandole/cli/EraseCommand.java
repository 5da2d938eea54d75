package io.farandole.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** Destroys a person's keys, once somebody has said yes. */
@Command(
        name = "erase",
        mixinStandardHelpOptions = true,
        description = {
            "Erases a person: destroys the keys of what is personal, in every context that owns some. What was sealed with them"
                    + " can never be read again, anywhere.",
            "Without --context, all contexts are asked."
        },
        subcommands = EraseCommand.Rotate.class)
final class EraseCommand implements Callable<Integer> {

    private static final String PATH = "/erasure";

    private final Surroundings surroundings;

    @Mixin
    private final Services services;

    @Mixin
    private final Output output;

    @Option(
            names = "--person",
            paramLabel = "ID",
            description = "Who: as the application knows the person, such as a customer's id. Required.")
    private String person = "";

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            description = "Why; recorded with your name for good, so without saying who the person is. Required.")
    private String reason = "";

    @Option(names = "--yes", description = "Without being asked.")
    private boolean yes;

    EraseCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
        this.services = new Services(surroundings);
        this.output = new Output(surroundings);
    }

    @Override
    public Integer call() {
        if (person.isBlank()) {
            throw EndedException.usage("Say who is to be erased: --person.");
        }
        if (reason.isBlank()) {
            throw EndedException.usage("Say why: --reason is recorded with who erases.");
        }
        Terminal terminal = surroundings.terminal();
        if (!yes && !terminal.isThere()) {
            throw EndedException.usage("What is erased is gone for good, and nobody is here to be asked: say --yes.");
        }
        Map<String, Service> owners = new LinkedHashMap<>();
        int keys = 0;
        List<String> found = new ArrayList<>();
        // Whoever cannot be asked ends this before anything is destroyed: a person half erased would be told to be
        // erased.
        for (Service service : services.asked()) {
            JsonNode shown = service.operations(PATH, parameters());
            int some = shown.path("keys").asInt();
            if (some > 0) {
                owners.put(service.name(), service);
                found.add(keys(some) + " in " + service.name() + " (" + scopes(shown) + ")");
                keys += some;
            }
        }
        if (owners.isEmpty()) {
            throw EndedException.refused("No context that was asked has a key of " + person
                    + ": either nothing was sealed, or it was erased already. Check the id.");
        }
        PrintWriter err = surroundings.err();
        err.println("Will be destroyed: " + Text.line(String.join(", ", found)) + ".");
        err.flush();
        if (!yes) {
            String answer = terminal.ask(
                    "Erase " + Text.line(person) + " by destroying " + keys(keys) + ", for good? Type yes: ");
            if (answer == null || !answer.strip().equalsIgnoreCase("yes")) {
                throw EndedException.refused("Nothing was erased.");
            }
        }
        return erase(List.copyOf(owners.values()));
    }

    private int erase(List<Service> owners) {
        Everywhere everywhere = new Everywhere(surroundings);
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("person", person);
        fields.put("reason", reason);
        JsonNode answers = everywhere.ask(owners, service -> service.operate(PATH, fields));
        output.print(answers, out -> Everywhere.contexts(answers).forEach(answer -> {
            if (answer.has("erasureId")) {
                out.println(Everywhere.context(answer) + ": "
                        + keys(answer.path("keys").asInt()) + " destroyed (" + scopes(answer) + "), erasure "
                        + Text.of(answer.path("erasureId")));
            }
        }));
        return everywhere.exitCode();
    }

    private Map<String, @Nullable String> parameters() {
        Map<String, @Nullable String> parameters = new LinkedHashMap<>();
        parameters.put("person", person);
        return parameters;
    }

    private static String keys(int count) {
        return count == 1 ? "1 key" : count + " keys";
    }

    private static String scopes(JsonNode answer) {
        return answer.path("scopes").valueStream().map(Text::of).collect(Collectors.joining(", "));
    }

    /** Wraps all keys by the current master key. */
    @Command(
            name = "rotate",
            mixinStandardHelpOptions = true,
            description =
                    "Wraps all persons' keys by the current master key. Then what backups hold of destroyed keys is of no use"
                            + " to whoever does not have the old master key: destroy it.")
    static final class Rotate implements Callable<Integer> {

        @Mixin
        private final Services services;

        @Mixin
        private final Output output;

        Rotate(Surroundings surroundings) {
            this.services = new Services(surroundings);
            this.output = new Output(surroundings);
        }

        @Override
        public Integer call() {
            Service service = services.one("order");
            JsonNode rotated = service.operate(PATH + "/rotate", Map.of());
            output.print(
                    rotated,
                    out -> out.println(
                            service.name() + ": " + keys(rotated.path("keys").asInt()) + " wrapped anew"));
            return ExitCode.DONE;
        }
    }
}
