package io.farandole.bench;

import io.farandole.bench.load.Books;
import io.farandole.bench.load.ContenderProgram;
import io.farandole.bench.load.LoadResult;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A {@link ContenderProgram} in a process of its own, spoken to in lines; what else it prints is in {@code
 * target/contender-<name>.log}. Used by one thread.
 */
final class SpokenTo implements AutoCloseable {

    private static final int SECONDS_TO_END = 20;

    private final String name;
    private final Process process;
    private final BufferedReader answers;
    private final PrintStream requests;

    private SpokenTo(String name, Process process) {
        this.name = name;
        this.process = process;
        answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        requests = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
    }

    /** Starts it with these variables; returns when it is ready, and ends it if it doesn't become so. */
    static SpokenTo start(String name, List<String> command, Map<String, String> variables) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(variables);
        Path log = Files.createDirectories(Path.of("target")).resolve("contender-" + fileName(name) + ".log");
        Process process = builder.redirectError(log.toFile()).start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        boolean ready = false;
        try {
            SpokenTo program = new SpokenTo(name, process);
            program.answer("READY");
            ready = true;
            return program;
        } finally {
            if (!ready) {
                process.destroyForcibly();
            }
        }
    }

    private static String fileName(String name) {
        return name.replace(' ', '-');
    }

    /** The {@code java} that runs this. */
    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    String name() {
        return name;
    }

    long pid() {
        return process.pid();
    }

    LoadResult saturate(long first, int orders, int inFlight) throws IOException {
        requests.println("saturate " + first + " " + orders + " " + inFlight);
        return ContenderProgram.fromJson(answer("RESULT"), LoadResult.class);
    }

    LoadResult open(long first, double rate, Duration duration) throws IOException {
        requests.printf(Locale.ROOT, "open %d %.3f %.3f%n", first, rate, duration.toMillis() / 1e3);
        return ContenderProgram.fromJson(answer("RESULT"), LoadResult.class);
    }

    Books books() throws IOException {
        requests.println("books");
        return ContenderProgram.fromJson(answer("BOOKS"), Books.class);
    }

    private String answer(String expected) throws IOException {
        String line = answers.readLine();
        if (line == null || !line.startsWith(expected)) {
            throw new IllegalStateException(name + " answered '" + line + "' instead of " + expected
                    + "; see target/contender-" + fileName(name) + ".log");
        }
        return line.substring(expected.length()).strip();
    }

    /** Tells it to end, and ends it if it does not within twenty seconds. */
    @Override
    public void close() {
        requests.println("end");
        try {
            if (!process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
