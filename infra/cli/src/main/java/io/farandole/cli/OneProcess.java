package io.farandole.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Parameters;

/** Which process a command is about. */
final class OneProcess {

    @Parameters(
            index = "0",
            paramLabel = "PROCESSOR",
            description = "The event processor in which it failed, as listed.")
    private String processor = "";

    @Parameters(
            index = "1",
            paramLabel = "PROCESS",
            description =
                    "The process's key, as listed, such as an order id. One that begins with a dash comes after --.")
    private String processKey = "";

    String processor() {
        return processor;
    }

    String processKey() {
        return processKey;
    }

    Map<String, @Nullable String> parameters() {
        Map<String, @Nullable String> parameters = new LinkedHashMap<>();
        parameters.put("processor", processor);
        parameters.put("key", processKey);
        return parameters;
    }
}
