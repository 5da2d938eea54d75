package io.farandole.bench.peers.lra;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The coordinator as a process of its own, which ends with this one; its log is thrown away when it is closed. */
final class CoordinatorProcess implements AutoCloseable {

    private static final String STORE = System.getProperty("contender.store", "journal");

    private final Process process;
    private final Path directory;
    private final String url;

    private CoordinatorProcess(Process process, Path directory) throws IOException {
        this.process = process;
        this.directory = directory;
        BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = output.readLine();
        while (line != null && !line.startsWith("http://")) {
            System.err.println(line);
            line = output.readLine();
        }
        if (line == null) {
            throw new IllegalStateException("The coordinator did not come up; what it said is on standard error");
        }
        url = line;
        Thread drain = new Thread(() -> output.lines().forEach(System.err::println), "coordinator-output");
        drain.setDaemon(true);
        drain.start();
    }

    static CoordinatorProcess start(int threads) throws IOException {
        Path directory = Files.createTempDirectory("narayana-lra-");
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "-Djava.util.logging.config.class=" + QuietLogging.class.getName(),
                        "-DCoordinatorEnvironmentBean.transactionStatusManagerEnable=false",
                        CoordinatorProgram.class.getName(),
                        directory.toString(),
                        STORE,
                        Integer.toString(threads)))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        return new CoordinatorProcess(process, directory);
    }

    String url() {
        return url;
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
