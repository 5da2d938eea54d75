package io.farandole.cli;

import picocli.CommandLine.Option;

/** Why something is decided. */
final class Reason {

    @Option(
            names = "--reason",
            required = true,
            paramLabel = "TEXT",
            description = "Why; recorded with your name, and shown to whoever looks at the process.")
    private String reason = "";

    String text() {
        if (reason.isBlank()) {
            throw EndedException.usage("--reason is blank: a decision is recorded with who made it and why.");
        }
        return reason;
    }
}
