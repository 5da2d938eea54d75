package io.farandole.testservers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** What {@link PrivatePostgres} and {@link PrivateRabbit} share: a folder, processes, signals. Not for concurrent use. */
abstract class PrivateServer implements AutoCloseable {

    private static final long SIGNAL_SECONDS = 10;

    private final String server;
    private final ServicesScript script;
    private final Thread atExit = new Thread(this::discard, "farandole-private-server");
    private Map<String, String> environment = Map.of();
    private boolean closed;

    PrivateServer(String server) {
        this.server = server;
        this.script = ServicesScript.in(newFolder());
        script.guard();
        Runtime.getRuntime().addShutdownHook(atExit);
        try {
            this.environment = script.start(server);
        } catch (RuntimeException failed) {
            close();
            throw failed;
        }
    }

    /** Addresses and passwords, as {@code infra/services env} prints them. */
    Map<String, String> environment() {
        return environment;
    }

    /** Where it keeps its data, logs and secrets, unless its user could not enter there. */
    public Path home() {
        return script.home();
    }

    /** The process number; another one after each {@link #restart()}. */
    public long pid() {
        return Long.parseLong(environment.getOrDefault("FARANDOLE_" + server.toUpperCase(Locale.ROOT) + "_PID", "-1"));
    }

    /**
     * Kills the server at once (SIGKILL), with the processes that it had started, and returns when they are gone. What
     * was not on disk is lost, as in a crash of the machine's process table, though not as in a loss of power.
     */
    public void kill() {
        // Frozen first: a process that it starts while its processes are being listed would outlive it, and keep what
        // the next one needs.
        signal("-STOP", ProcessHandle.of(pid()).stream().toList());
        List<ProcessHandle> processes = processes();
        signal("-KILL", processes);
        for (ProcessHandle process : processes) {
            try {
                process.onExit().get(SIGNAL_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("Interrupted while process " + process.pid() + " ended", interrupted);
            } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException alive) {
                throw new IllegalStateException("Process " + process.pid() + " outlived SIGKILL", alive);
            }
        }
    }

    /** Starts the server again after {@link #kill()} or {@link #stop()}: same port, same data, same passwords. */
    public void restart() {
        environment = script.start(server);
    }

    /** Stops the server in order; its data stays. */
    public void stop() {
        script.stop(server);
    }

    /** Freezes the server (SIGSTOP): connections stay open, and nobody answers. */
    public void pause() {
        signal("-STOP", processes());
    }

    /** Lets a frozen server go on (SIGCONT). */
    public void resume() {
        signal("-CONT", processes());
    }

    /** Kills the server and deletes its data. Does nothing the second time. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            discard();
            try {
                Runtime.getRuntime().removeShutdownHook(atExit);
            } catch (IllegalStateException exiting) {
                // The JVM is on its way out, and runs the hook itself.
            }
        }
    }

    private void discard() {
        if (!Files.isDirectory(script.home())) {
            return;
        }
        // No data is kept, so no clean stop is needed, which for RabbitMQ takes seconds.
        if (pid() > 0) {
            kill();
        }
        script.reset(server);
        try (Stream<Path> files = Files.walk(script.home())) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException("Cannot delete " + script.home(), failed);
        }
    }

    private List<ProcessHandle> processes() {
        List<ProcessHandle> processes = new ArrayList<>();
        ProcessHandle.of(pid()).ifPresent(main -> {
            processes.add(main);
            main.descendants().forEach(processes::add);
        });
        processes.removeIf(process -> !process.isAlive());
        return processes;
    }

    private static void signal(String signal, List<ProcessHandle> processes) {
        List<String> command = new ArrayList<>(List.of("bash", "-c", "kill \"$@\" 2>/dev/null; true", "kill", signal));
        processes.forEach(process -> command.add(String.valueOf(process.pid())));
        if (processes.isEmpty()) {
            return;
        }
        try {
            Process kill = new ProcessBuilder(command).inheritIO().start();
            if (!kill.waitFor(SIGNAL_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("kill " + signal + " has not ended");
            }
        } catch (IOException failed) {
            throw new UncheckedIOException("Cannot run kill", failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted during kill " + signal, interrupted);
        }
    }

    /** PostgreSQL runs as another user where we are root, and must be able to enter. Passwords lie in closed files. */
    private static Path newFolder() {
        try {
            Path folder = Files.createTempDirectory("farandole-private");
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
            return folder;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
