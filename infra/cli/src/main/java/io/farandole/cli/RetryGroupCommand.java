package io.farandole.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** Tries a whole group again. */
@Command(
        name = "retry-group",
        mixinStandardHelpOptions = true,
        description = "Retries all that is parked and failed in the same way, oldest first, at a rate.")
final class RetryGroupCommand implements Callable<Integer> {

    @Mixin
    private final Services services;

    @Mixin
    private final Output output;

    @Mixin
    private final Reason reason = new Reason();

    @Option(
            names = {"--processor", "--saga"},
            paramLabel = "NAME",
            description = "Of one event processor.")
    private @Nullable String processor;

    @Option(names = "--fingerprint", paramLabel = "ID", description = "With one kind of failure; see `parked groups`.")
    private @Nullable String fingerprint;

    @Option(names = "--first", paramLabel = "N", description = "The first so many only.")
    private @Nullable Integer most;

    @Option(names = "--per-second", paramLabel = "N", description = "So many a second at most, 1 to 1000; default 10.")
    private @Nullable Integer perSecond;

    RetryGroupCommand(Surroundings surroundings) {
        this.services = new Services(surroundings);
        this.output = new Output(surroundings);
    }

    @Override
    public Integer call() {
        if (processor == null && fingerprint == null) {
            throw EndedException.usage("Name the group: --processor, --fingerprint, or both. See `parked groups`.");
        }
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("processor", processor);
        fields.put("fingerprint", fingerprint);
        fields.put("most", most);
        fields.put("perSecond", perSecond);
        fields.put("reason", reason.text());
        fields.values().removeIf(value -> value == null);
        JsonNode answer = services.one().operate("/parkedretries", fields);
        output.print(answer, out -> GroupRetryText.print(answer.path("retry"), out));
        return ExitCode.DONE;
    }
}
