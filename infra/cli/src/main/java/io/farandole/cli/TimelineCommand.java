package io.farandole.cli;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What happened to a process, in all contexts. */
@Command(
        name = "timeline",
        mixinStandardHelpOptions = true,
        description = {
            "Shows what happened to a process in every context, in causal order: which event made which command make which event, how long each"
                    + " took, and what is awaited now.",
            "One service is asked, and asks the others; the first that answers, if none is named."
        })
final class TimelineCommand implements Callable<Integer> {

    private final Surroundings surroundings;

    @Mixin
    private final Services services;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "text",
            description = "${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.")
    private Format format = Format.text;

    @Parameters(paramLabel = "KEY", description = "The process key: an order id.")
    private String key = "";

    /** As it is typed. */
    enum Format {
        text,
        json,
        mermaid,
        svg
    }

    TimelineCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
        this.services = new Services(surroundings);
    }

    @Override
    public Integer call() {
        Map<String, @Nullable String> parameters = new LinkedHashMap<>();
        parameters.put("key", key);
        parameters.put("format", format.name());
        surroundings.out().print(firstAnswer(parameters).stripTrailing() + System.lineSeparator());
        return ExitCode.DONE;
    }

    private String firstAnswer(Map<String, @Nullable String> parameters) {
        Iterator<Service> asked = services.asked().iterator();
        while (true) {
            Service service = asked.next();
            try {
                return service.operationsText("/timeline", parameters);
            } catch (EndedException e) {
                if (!asked.hasNext() || e.exitCode() != ExitCode.NOT_REACHED) {
                    throw e;
                }
                surroundings.err().println("farandole: " + Text.line(String.valueOf(e.getMessage())));
                surroundings.err().flush();
            }
        }
    }
}
