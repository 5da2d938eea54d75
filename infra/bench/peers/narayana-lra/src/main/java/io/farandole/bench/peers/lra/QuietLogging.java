package io.farandole.bench.peers.lra;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.logging.LogManager;

/** Lets warnings and errors through, to standard error. The JDK's logging finds it by its name. */
public final class QuietLogging {

    private static final String CONFIGURATION =
            """
            handlers = java.util.logging.ConsoleHandler
            .level = WARNING
            """;

    /** Configures the JDK's logging. */
    public QuietLogging() throws IOException {
        LogManager.getLogManager()
                .readConfiguration(new ByteArrayInputStream(CONFIGURATION.getBytes(StandardCharsets.ISO_8859_1)));
    }
}
