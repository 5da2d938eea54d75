package io.farandole.cli;

import java.io.Console;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;

/**
 * What a command has around it.
 *
 * @param environment variables
 * @param out for what was asked for
 * @param err for everything else
 * @param terminal a person, if there is one
 * @param clock for ages
 */
record Surroundings(Map<String, String> environment, PrintWriter out, PrintWriter err, Terminal terminal, Clock clock) {

    @SuppressWarnings("SystemConsoleNull") // the property sees to it
    static Surroundings ofThisProcess() {
        // From JDK 22 on there is a console even where nobody sits at it; this brings the former meaning back.
        System.setProperty("jdk.console", "java.base");
        Console console = System.console();
        // A service's JSON may hold any character; a pipe takes UTF-8, a terminal what it says of itself.
        Charset charset = console == null ? StandardCharsets.UTF_8 : console.charset();
        return new Surroundings(
                System.getenv(),
                new PrintWriter(System.out, true, charset),
                new PrintWriter(System.err, true, charset),
                console == null ? Terminal.NONE : Terminal.of(console),
                Clock.systemUTC());
    }
}
