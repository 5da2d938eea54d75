package io.farandole.audit.export;

import java.util.List;
import java.util.UUID;

/**
 * What is to be handed out, to whom and why.
 *
 * @param exportId a UUID, the same for all contexts that are asked
 * @param processes whose events; 1 to {@link #MOST_PROCESSES}, each once
 * @param contexts all that are asked
 * @param masked whether the fields that are to be masked are
 * @param by the operator who asks
 * @param reason why
 */
public record ExportRequest(
        String exportId, List<String> processes, List<String> contexts, boolean masked, String by, String reason) {

    /** What one export may ask for. */
    public static final int MOST_PROCESSES = 1000;

    private static final int LONGEST_KEY = 500;

    public ExportRequest {
        processes = List.copyOf(processes);
        contexts = List.copyOf(contexts);
        if (!UUID.fromString(exportId).toString().equals(exportId)) {
            throw new IllegalArgumentException("an export's id is a UUID in lower case");
        }
        if (processes.isEmpty() || processes.size() > MOST_PROCESSES) {
            throw new IllegalArgumentException("1 to " + MOST_PROCESSES + " processes can be asked for at once, not "
                    + processes.size() + ": ask for some of them at a time");
        }
        if (processes.stream().distinct().count() < processes.size()
                || processes.stream().anyMatch(key -> key.isEmpty() || key.length() > LONGEST_KEY)) {
            throw new IllegalArgumentException(
                    "each process is named once, by a key of at most " + LONGEST_KEY + " characters");
        }
        if (contexts.size() > 100 || contexts.stream().anyMatch(name -> name.isEmpty() || name.length() > 100)) {
            throw new IllegalArgumentException("the contexts that are asked are at most 100 names");
        }
    }
}
