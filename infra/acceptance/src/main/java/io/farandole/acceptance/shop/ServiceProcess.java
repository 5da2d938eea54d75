package io.farandole.acceptance.shop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * One service as an operator has it: a jar (or another program), an environment, a port, a log ({@code target/shop-<name>-<port>.log}). Used by
 * one thread.
 */
public final class ServiceProcess implements AutoCloseable {

    private static final Duration READY_WITHIN = Duration.ofMinutes(4);
    private static final int TOLD_LINES = 60;
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    private final String name;
    private final List<String> program;
    private final List<String> javaOptions;
    private final Map<String, String> environment;
    private final String ready;
    private final int port;
    private @Nullable Process process;

    private ServiceProcess(
            String name,
            List<String> program,
            List<String> javaOptions,
            Map<String, String> environment,
            String ready,
            int port) {
        this.name = name;
        this.program = program;
        this.javaOptions = javaOptions;
        this.environment = environment;
        this.ready = ready;
        this.port = port;
    }

    static ServiceProcess of(
            String name,
            List<String> program,
            List<String> javaOptions,
            Map<String, String> environment,
            String ready,
            int port) {
        return new ServiceProcess(name, program, javaOptions, environment, ready, port);
    }

    /** The packaged program of a module, as arguments of {@code java}. */
    static List<String> packaged(String module) {
        return List.of("-jar", jar(module).toString());
    }

    private static Path jar(String module) {
        Path target = root().resolve(module).resolve("target");
        Path unpacked = target.resolve("app");
        // Unpacked, if the build unpacks it: that starts with a third less work than from jars within a jar.
        return appJar(Files.isDirectory(unpacked) ? unpacked : target);
    }

    /** The unpacked jar of a service, beside its libraries. */
    static Path unpacked(String module) {
        return appJar(root().resolve(module).resolve("target").resolve("app"));
    }

    private static Path appJar(Path target) {
        try (Stream<Path> files = Files.list(target)) {
            return files.filter(file -> file.getFileName().toString().endsWith("-app.jar"))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("No *-app.jar in " + target + ": package it first"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The checkout, from wherever in it this runs. */
    static Path root() {
        Path directory = Path.of("").toAbsolutePath();
        while (directory != null && !Files.exists(directory.resolve("infra/run"))) {
            directory = directory.getParent();
        }
        if (directory == null) {
            throw new IllegalStateException("Not in a checkout: no directory above has infra/run");
        }
        return directory;
    }

    /** Its name: the context's, with a number from the second instance on. */
    public String name() {
        return name;
    }

    /** Its HTTP address. */
    public URI address() {
        return addressOf(port);
    }

    static URI addressOf(int port) {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** Starts it, on the same port and with the same environment as before; returns at once. */
    public void start() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(javaOptions);
        command.addAll(program);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().putAll(environment);
        try {
            Files.createDirectories(Path.of("target"));
            builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
            Process started = builder.start();
            process = started;
            // A caller that is itself ended by a signal closes nothing.
            Runtime.getRuntime().addShutdownHook(new Thread(started::destroyForcibly));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns when it is ready; fails after four minutes, or as soon as the process has ended. */
    public void awaitReady() {
        Awaitility.await(name + " is ready; its log is " + log())
                .atMost(READY_WITHIN)
                .pollInterval(Duration.ofMillis(250))
                .until(this::isReady);
    }

    private boolean isReady() throws InterruptedException {
        Process running = process;
        if (running == null) {
            throw new IllegalStateException(name + " has not been started");
        }
        if (!running.isAlive()) {
            throw new IllegalStateException(name + " has ended with exit code " + running.exitValue() + "; the end of "
                    + log() + ":" + System.lineSeparator() + endOfLog());
        }
        return answers();
    }

    private boolean answers() throws InterruptedException {
        try {
            HttpRequest request = HttpRequest.newBuilder(address().resolve(ready))
                    .timeout(Duration.ofSeconds(5))
                    .build();
            return HTTP.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    /** What it prints, one start after the other. */
    public Path log() {
        return Path.of("target", "shop-" + name + "-" + port + ".log");
    }

    private String endOfLog() {
        try {
            List<String> lines = Files.readAllLines(log());
            return String.join(
                    System.lineSeparator(), lines.subList(Math.max(0, lines.size() - TOLD_LINES), lines.size()));
        } catch (IOException e) {
            return "unreadable: " + e;
        }
    }

    /** Its process id; it must have been started. */
    public long pid() {
        Process running = process;
        if (running == null) {
            throw new IllegalStateException(name + " has not been started");
        }
        return running.pid();
    }

    /** Asks it to end (SIGTERM); returns when it has, or fails after a minute. */
    public void stop() throws InterruptedException {
        Process running = process;
        if (running != null) {
            running.destroy();
            if (!running.waitFor(1, TimeUnit.MINUTES)) {
                throw new IllegalStateException(name + " does not end; its log is " + log());
            }
        }
    }

    /** As {@code kill -9}. */
    public void kill() throws InterruptedException {
        Process running = process;
        if (running != null) {
            running.destroyForcibly();
            if (!running.waitFor(20, TimeUnit.SECONDS)) {
                throw new IllegalStateException(name + " does not die");
            }
        }
    }

    /** Whether it runs; frozen counts as running. */
    public boolean isAlive() {
        Process running = process;
        return running != null && running.isAlive();
    }

    /** Whether it answers that it is ready, now. */
    public boolean isReadyNow() throws InterruptedException {
        return isAlive() && answers();
    }

    /** Freezes it (SIGSTOP): its connections stay open, its claims run out, its clock goes on. */
    public void pause() throws InterruptedException {
        signal("-STOP");
    }

    /** Lets a frozen process go on (SIGCONT). */
    public void resume() throws InterruptedException {
        signal("-CONT");
    }

    private void signal(String signal) throws InterruptedException {
        try {
            Process kill = new ProcessBuilder("kill", signal, Long.toString(pid()))
                    .redirectErrorStream(true)
                    .start();
            if (!kill.waitFor(10, TimeUnit.SECONDS) || (kill.exitValue() != 0 && isAlive())) {
                throw new IllegalStateException("kill " + signal + " of " + name + " failed");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As {@code kill -9}; returns when it is ready again. */
    public void killAndRestart() throws InterruptedException {
        kill();
        start();
        awaitReady();
    }

    @Override
    public void close() {
        try {
            kill();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
