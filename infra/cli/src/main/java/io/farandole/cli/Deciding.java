package io.farandole.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** Sends a decision about the event that was shown, and follows it if asked to. */
final class Deciding {

    private static final Set<String> UNDER_WAY = Set.of("REQUESTED", "IN_FLIGHT");
    private static final long BETWEEN_LOOKS = Duration.ofMillis(500).toNanos();

    private final Surroundings surroundings;

    @Mixin
    private final Services services;

    @Mixin
    private final Output output;

    @Mixin
    private final OneProcess process = new OneProcess();

    @Mixin
    private final Reason reason = new Reason();

    @Option(
            names = "--event",
            paramLabel = "ID",
            description = "The failed event that it is about; by default the one that is shown now.")
    private @Nullable String event;

    @Option(names = "--wait", paramLabel = "SECONDS", description = "Stay until it has been tried, at most so long.")
    private int waitSeconds;

    Deciding(Surroundings surroundings) {
        this.surroundings = surroundings;
        this.services = new Services(surroundings);
        this.output = new Output(surroundings);
    }

    /** Asks the service for the process; ends the command if it is not set aside. */
    JsonNode look(Service service) {
        JsonNode parked = service.operations("/parkedprocess", process.parameters());
        if (!parked.path("process").isObject()) {
            throw EndedException.refused(
                    service.name() + ": " + parked.path("sentence").asString(""));
        }
        return parked;
    }

    Service service() {
        return services.one();
    }

    /** What the decision names. */
    String event(JsonNode looked) {
        return event == null ? looked.at("/process/failedEventId").asString("") : event;
    }

    String processKey() {
        return process.processKey();
    }

    String processor() {
        return process.processor();
    }

    int decide(Service service, String decision, String aboutEvent) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>(process.parameters());
        fields.put("failedEventId", aboutEvent);
        fields.put("decision", decision);
        fields.put("reason", reason.text());
        JsonNode answer = service.operate("/parkedprocess", fields);
        String id = answer.path("decisionId").asString("");
        if (waitSeconds <= 0) {
            output.print(answer, out -> print(answer, out));
            return ExitCode.DONE;
        }
        JsonNode shown = follow(service, id);
        output.print(shown, out -> {
            print(answer, out);
            out.println(Text.of(shown.path("sentence")));
        });
        String state = state(shown, id);
        return state.equals("RESOLVED") ? ExitCode.DONE : ExitCode.REFUSED;
    }

    private JsonNode follow(Service service, String id) {
        long deadline = System.nanoTime() + Duration.ofSeconds(waitSeconds).toNanos();
        JsonNode shown = service.operations("/parkedprocess", process.parameters());
        while (UNDER_WAY.contains(state(shown, id)) && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(BETWEEN_LOOKS);
            if (Thread.currentThread().isInterrupted()) {
                throw EndedException.notReached("interrupted; the decision stands");
            }
            shown = service.operations("/parkedprocess", process.parameters());
        }
        return shown;
    }

    private static String state(JsonNode shown, String id) {
        for (JsonNode decision : shown.path("decisions")) {
            if (decision.path("id").asString("").equals(id)) {
                return decision.path("state").asString("");
            }
        }
        return "";
    }

    private static void print(JsonNode answer, PrintWriter out) {
        out.println(Text.of(answer.path("outcome")) + ": " + Text.of(answer.path("sentence")));
    }

    Surroundings surroundings() {
        return surroundings;
    }
}
