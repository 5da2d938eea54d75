package io.farandole.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** One process into a file. */
@Command(
        name = "record",
        mixinStandardHelpOptions = true,
        description =
                "Writes one process of one context into a file, with what its sagas do with it, for a unit test (RecordedHistory). The file holds what the journal holds, personal data too.")
final class RecordCommand implements Callable<Integer> {

    private final Surroundings surroundings;

    @Mixin
    private final Services services;

    @Parameters(paramLabel = "KEY", index = "0", description = "The process key, such as an order id.")
    private String key = "";

    @Parameters(paramLabel = "FILE", index = "1", description = "Where to, such as declined-order.jsonl.")
    private String file = "";

    @Option(names = "--force", description = "Replaces a file that is there.")
    private boolean force;

    RecordCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
        this.services = new Services(surroundings);
    }

    @Override
    public Integer call() {
        Path target = Path.of(file).toAbsolutePath();
        if (!force && Files.exists(target)) {
            throw EndedException.usage(target + " is there already: name another file, or give --force.");
        }
        Map<String, @Nullable String> parameters = new LinkedHashMap<>();
        parameters.put("key", key);
        JsonNode answer = services.one().operations("/recordedprocess", parameters);
        List<String> lines = new ArrayList<>();
        answer.path("lines").forEach(line -> lines.add(line.asString()));
        write(lines, target);
        surroundings.out().println(lines.size() + " lines in " + target);
        return ExitCode.DONE;
    }

    /** Beside its place first: under its name there is a whole file or none. */
    private static void write(List<String> lines, Path target) {
        Path beside = target.resolveSibling(target.getFileName() + ".part");
        try {
            try {
                Files.write(beside, lines, StandardCharsets.UTF_8);
                Files.move(beside, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(beside);
            }
        } catch (IOException e) {
            throw EndedException.refused(target + " cannot be written (" + e
                    + "), and nothing was left there: make room, or" + " name a file elsewhere.");
        }
    }
}
