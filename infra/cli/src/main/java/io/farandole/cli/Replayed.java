package io.farandole.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What is replayed: which read model, and which of its processes. */
final class Replayed {

    @Parameters(
            arity = "0..1", // `rebuild status` has none
            paramLabel = "GROUP",
            description = "The read model: the processing group of its handlers.")
    private String group = "";

    @Option(names = "--key", paramLabel = "KEY", description = "One process only.")
    private @Nullable String key;

    @Option(
            names = "--type",
            paramLabel = "TYPE",
            description = "Only processes with events of this type of aggregate.")
    private @Nullable String type;

    @Option(
            names = "--from",
            paramLabel = "TIME",
            description = "Only processes with events since then, such as 2026-11-01T00:00:00Z.")
    private @Nullable String from;

    @Option(names = "--to", paramLabel = "TIME", description = "Only processes with events before then.")
    private @Nullable String to;

    @Option(names = "--threads", paramLabel = "N", description = "By so many threads, 1 to 32; default 1.")
    private @Nullable Integer threads;

    /** The fields of the request. */
    Map<String, @Nullable Object> request(String purpose, String reason) {
        if (group.isBlank()) {
            throw EndedException.usage(
                    "Name the read model: the processing group of its handlers. See `rebuild status`.");
        }
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("readModel", group);
        fields.put("purpose", purpose);
        fields.put("key", key);
        fields.put("type", type);
        fields.put("from", from);
        fields.put("to", to);
        fields.put("threads", threads);
        fields.put("reason", reason);
        fields.values().removeIf(value -> value == null);
        return fields;
    }
}
