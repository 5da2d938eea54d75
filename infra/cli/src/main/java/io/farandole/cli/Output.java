package io.farandole.cli;

import java.io.PrintWriter;
import java.util.function.Consumer;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** How a command answers: as text for people, or as JSON for programs. */
final class Output {

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private final Surroundings surroundings;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.")
    private Format format = Format.text;

    /** As it is typed. */
    enum Format {
        text,
        json
    }

    Output(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    void print(JsonNode answer, Consumer<PrintWriter> asText) {
        PrintWriter out = surroundings.out();
        if (format == Format.json) {
            out.println(JSON.writeValueAsString(answer));
        } else {
            asText.accept(out);
        }
        out.flush();
    }
}
