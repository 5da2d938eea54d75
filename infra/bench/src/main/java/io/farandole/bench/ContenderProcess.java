package io.farandole.bench;

import io.farandole.bench.load.Books;
import io.farandole.bench.load.LoadResult;
import io.farandole.bench.load.Workload;
import io.farandole.bench.raw.RawProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A contender in a process of its own, with servers of its own. */
final class ContenderProcess implements Contender {

    private final Servers servers;
    private final SpokenTo program;
    private final List<String> guarantees;
    private final boolean peer;

    private ContenderProcess(
            String name,
            List<String> arguments,
            Workload workload,
            List<String> guarantees,
            boolean peer,
            Settings settings)
            throws Exception {
        this.peer = peer;
        this.guarantees = guarantees;
        servers = Servers.start(settings);
        boolean open = false;
        try {
            program = SpokenTo.start(
                    name, java(arguments, settings), servers.contender(workload).toVariables());
            open = true;
        } finally {
            if (!open) {
                servers.close();
            }
        }
    }

    /** When quick only the first compiler works, as it is with ours. */
    private static List<String> java(List<String> arguments, Settings settings) {
        List<String> command = new ArrayList<>(List.of(SpokenTo.java()));
        if (settings.quick()) {
            command.add("-XX:TieredStopAtLevel=1");
        }
        command.addAll(arguments);
        return command;
    }

    /** The raw program, with batches of that size. */
    static ContenderProcess raw(Workload workload, int batch, Settings settings) throws Exception {
        return new ContenderProcess(
                "raw",
                List.of(
                        "-Xmx512m",
                        "-Dlogback.configurationFile=logback-bench.xml",
                        "-cp",
                        System.getProperty("java.class.path"),
                        RawProgram.class.getName(),
                        Integer.toString(batch)),
                workload,
                List.of("What is committed and not yet published is lost in a crash."),
                false,
                settings);
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
    static ContenderProcess peer(Path folder, Workload workload, Settings settings) throws Exception {
        Path guarantees = folder.resolve("guarantees.txt");
        return new ContenderProcess(
                folder.getFileName().toString(),
                List.of("-Xmx1g", "-jar", jars(folder).get(0).toString()),
                workload,
                Files.exists(guarantees) ? Files.readAllLines(guarantees) : List.of(),
                true,
                settings);
    }

    /** Whether it is a peer, and not the raw program. */
    boolean isPeer() {
        return peer;
    }

    @Override
    public String name() {
        return program.name();
    }

    @Override
    public LoadResult saturate(long first, int orders, int inFlight) throws IOException {
        return program.saturate(first, orders, inFlight);
    }

    @Override
    public LoadResult open(long first, double rate, Duration duration) throws IOException {
        return program.open(first, rate, duration);
    }

    @Override
    public Books books() throws IOException {
        return program.books();
    }

    @Override
    public Map<String, Long> processes() {
        return Map.of(program.name(), program.pid());
    }

    @Override
    public List<String> guarantees() {
        return guarantees;
    }

    @Override
    public void close() {
        try {
            program.close();
        } finally {
            servers.close();
        }
    }
}
