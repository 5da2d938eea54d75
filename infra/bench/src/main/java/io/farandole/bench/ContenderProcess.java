package io.farandole.bench;

import io.farandole.bench.load.Books;
import io.farandole.bench.load.ContenderProgram;
import io.farandole.bench.load.LoadResult;
import io.farandole.bench.load.Workload;
import io.farandole.bench.raw.RawProgram;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A contender in a process of its own, spoken to in lines; what else it prints is in {@code target/contender-<name>.log}. */
final class ContenderProcess implements Contender {

    private final String name;
    private final Servers servers;
    private final Process process;
    private final BufferedReader answers;
    private final PrintStream requests;
    private final List<String> guarantees;

    private ContenderProcess(String name, List<String> command, Workload workload, List<String> guarantees)
            throws Exception {
        this.name = name;
        this.guarantees = guarantees;
        servers = Servers.start();
        Process started = null;
        boolean open = false;
        try {
            ProcessBuilder builder = new ProcessBuilder(command);
            builder.environment().putAll(servers.contender(workload).toVariables());
            Path log = Files.createDirectories(Path.of("target")).resolve("contender-" + name + ".log");
            process = builder.redirectError(log.toFile()).start();
            started = process;
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
            answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
            requests = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
            answer("READY");
            open = true;
        } finally {
            if (!open) {
                if (started != null) {
                    started.destroyForcibly();
                }
                servers.close();
            }
        }
    }

    /** The raw program, with batches of that size. */
    static ContenderProcess raw(Workload workload, int batch) throws Exception {
        return new ContenderProcess(
                "raw",
                List.of(
                        java(),
                        "-Xmx512m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        RawProgram.class.getName(),
                        Integer.toString(batch)),
                workload,
                List.of("What is committed and not yet published is lost in a crash."));
    }

    /** The folders of the peers that are built: those with a {@code *-contender.jar} in {@code target}. */
    static List<Path> peers() throws IOException {
        List<Path> peers = new ArrayList<>();
        try (Stream<Path> folders = Files.list(Settings.checkout().resolve("infra/bench/peers"))) {
            for (Path folder : folders.sorted().toList()) {
                if (!jars(folder).isEmpty()) {
                    peers.add(folder);
                }
            }
        }
        return peers;
    }

    private static List<Path> jars(Path folder) throws IOException {
        Path target = folder.resolve("target");
        if (!Files.isDirectory(target)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(target)) {
            return files.filter(file -> file.getFileName().toString().endsWith("-contender.jar"))
                    .toList();
        }
    }

    /** A peer. */
    static ContenderProcess peer(Path folder, Workload workload) throws Exception {
        Path guarantees = folder.resolve("guarantees.txt");
        return new ContenderProcess(
                folder.getFileName().toString(),
                List.of(java(), "-Xmx1g", "-jar", jars(folder).get(0).toString()),
                workload,
                Files.exists(guarantees) ? Files.readAllLines(guarantees) : List.of());
    }

    private static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public LoadResult saturate(long first, int orders, int inFlight) throws IOException {
        requests.println("saturate " + first + " " + orders + " " + inFlight);
        return ContenderProgram.fromJson(answer("RESULT"), LoadResult.class);
    }

    @Override
    public LoadResult open(long first, double rate, Duration duration) throws IOException {
        requests.printf(Locale.ROOT, "open %d %.3f %.3f%n", first, rate, duration.toMillis() / 1e3);
        return ContenderProgram.fromJson(answer("RESULT"), LoadResult.class);
    }

    @Override
    public Books books() throws IOException {
        requests.println("books");
        return ContenderProgram.fromJson(answer("BOOKS"), Books.class);
    }

    private String answer(String expected) throws IOException {
        String line = answers.readLine();
        if (line == null || !line.startsWith(expected)) {
            throw new IllegalStateException(name + " answered '" + line + "' instead of " + expected
                    + "; see target/contender-" + name + ".log");
        }
        return line.substring(expected.length()).strip();
    }

    @Override
    public Map<String, Long> processes() {
        return Map.of(name, process.pid());
    }

    @Override
    public List<String> guarantees() {
        return guarantees;
    }

    @Override
    public void close() {
        requests.println("end");
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        } finally {
            servers.close();
        }
    }
}
