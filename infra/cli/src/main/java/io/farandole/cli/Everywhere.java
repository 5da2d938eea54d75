package io.farandole.cli;

import java.util.List;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Asks several services the same question. Who does not answer is told, and keeps nobody from seeing the others' answers. */
final class Everywhere {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String CONTEXT = "context";
    private static final String CONTEXTS = "contexts";

    private final Surroundings surroundings;
    private int exitCode = ExitCode.DONE;

    Everywhere(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    /** {@code {"contexts": [{"context": "stock", ...the answer}]}}. */
    JsonNode ask(List<Service> services, Function<Service, JsonNode> question) {
        ObjectNode answers = JSON.createObjectNode();
        ArrayNode contexts = answers.putArray(CONTEXTS);
        for (Service service : services) {
            try {
                JsonNode answer = question.apply(service);
                ObjectNode named = contexts.addObject().put(CONTEXT, service.name());
                answer.properties().forEach(property -> named.set(property.getKey(), property.getValue()));
            } catch (EndedException e) {
                if (services.size() == 1 || e.exitCode() == ExitCode.USAGE) {
                    throw e;
                }
                exitCode = e.exitCode();
                contexts.addObject().put(CONTEXT, service.name()).put("error", e.getMessage());
                surroundings.err().println("farandole: " + Text.line(String.valueOf(e.getMessage())));
                surroundings.err().flush();
            }
        }
        return answers;
    }

    static JsonNode contexts(JsonNode answers) {
        return answers.path(CONTEXTS);
    }

    static String context(JsonNode answer) {
        return Text.of(answer.path(CONTEXT));
    }

    /** Done, if all have answered. */
    int exitCode() {
        return exitCode;
    }
}
