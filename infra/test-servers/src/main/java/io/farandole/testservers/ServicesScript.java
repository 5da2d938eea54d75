package io.farandole.testservers;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The script {@code infra/services}, run for one home folder: of this checkout where the tests run inside one, otherwise
 * as it is packed in this module's jar.
 */
final class ServicesScript {

    /** What the jar holds under {@code farandole-services/}; a test compares it with the folder. */
    static final List<String> FILES = List.of(
            "services",
            "deploy/compose.yaml",
            "deploy/lib/PostgresTool.java",
            "deploy/lib/common.sh",
            "deploy/lib/compose.sh",
            "deploy/lib/install.sh",
            "deploy/lib/postgres.sh",
            "deploy/lib/processes.sh",
            "deploy/lib/rabbitmq.sh",
            "deploy/postgres/database.sql",
            "deploy/postgres/roles.sql",
            "deploy/rabbitmq/context.json",
            "deploy/rabbitmq/definitions.json",
            "deploy/rabbitmq/enabled_plugins",
            "deploy/rabbitmq/sender.json");

    private static final Logger log = LoggerFactory.getLogger(ServicesScript.class);
    private static final Pattern EXPORT = Pattern.compile("^export ([A-Z0-9_]+)='(.*)'$");
    private static @Nullable Path extracted;

    private final Path script;
    private final Path home;

    private ServicesScript(Path script, Path home) {
        this.script = script;
        this.home = home;
    }

    /** For the servers that all tests of a checkout share; they keep running from one test run to the next. */
    static ServicesScript shared() {
        Path root = checkout();
        return root == null
                ? in(Path.of(System.getProperty("user.home"), ".farandole", "test-services"))
                : in(root.resolve(".farandole").resolve("test-services"));
    }

    /** For servers in a folder of their own. */
    static ServicesScript in(Path home) {
        Path root = checkout();
        return new ServicesScript(root == null ? extract() : root.resolve("infra/services"), home);
    }

    /** Text of a file that the script also uses, such as {@code deploy/postgres/roles.sql}. */
    static String file(String name) {
        try (InputStream file = open(name)) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    Path home() {
        return home;
    }

    /** Starts one server ({@code postgres} or {@code rabbitmq}) unless it runs, and answers all addresses. */
    Map<String, String> start(String server) {
        run(420, "start", server);
        return environment();
    }

    void stop(String server) {
        run(120, "stop", server);
    }

    void reset(String server) {
        run(120, "reset", server);
    }

    Map<String, String> environment() {
        Map<String, String> variables = new HashMap<>();
        for (String line : run(30, "env").lines().toList()) {
            Matcher export = EXPORT.matcher(line);
            if (export.matches()) {
                variables.put(export.group(1), export.group(2).replace("'\\''", "'"));
            }
        }
        return variables;
    }

    /** Lets another process wipe the servers of this home should this JVM be killed before it could. */
    void guard() {
        try {
            builder("guard", String.valueOf(ProcessHandle.current().pid()))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException notStarted) {
            throw new UncheckedIOException("Cannot run " + script, notStarted);
        }
    }

    private ProcessBuilder builder(String... arguments) {
        List<String> command = new ArrayList<>(List.of("bash", script.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).redirectInput(new File("/dev/null"));
        Map<String, String> environment = builder.environment();
        // The address of another server would make this home use that one instead of its own.
        environment.keySet().removeIf(name -> name.startsWith("FARANDOLE_") && name.endsWith("_URL"));
        environment.put("FARANDOLE_SERVICES_HOME", home.toString());
        environment.put("FARANDOLE_SERVICES_CONTEXTS", "none");
        environment.put("FARANDOLE_DOCKER", "never");
        return builder;
    }

    private String run(int seconds, String... arguments) {
        String what = "infra/services " + String.join(" ", arguments);
        try {
            Files.createDirectories(home);
            Path said = Files.createTempFile("farandole-services", ".log");
            Path answered = Files.createTempFile("farandole-services", ".out");
            try {
                Process process = builder(arguments)
                        .redirectOutput(answered.toFile())
                        .redirectError(said.toFile())
                        .start();
                if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    throw new IllegalStateException(
                            what + " has not ended within " + seconds + " s:\n" + Files.readString(said));
                }
                if (process.exitValue() != 0) {
                    throw new IllegalStateException("A test needs a real server, but " + what + " failed ("
                            + process.exitValue() + "):\n" + Files.readString(said));
                }
                log.debug("{}\n{}", what, Files.readString(said));
                return Files.readString(answered);
            } finally {
                Files.deleteIfExists(said);
                Files.deleteIfExists(answered);
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(what, unreadable);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted during " + what, interrupted);
        }
    }

    /** The folder above the working directory that is a checkout of this repository, or null. */
    static @Nullable Path checkout() {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            if (Files.isRegularFile(folder.resolve("infra/services"))
                    && Files.isRegularFile(folder.resolve("infra/test-servers/pom.xml"))) {
                return folder;
            }
        }
        return null;
    }

    static synchronized Path extract() {
        if (extracted == null) {
            try {
                Path folder = Files.createTempDirectory("farandole-services");
                // Deleted in reverse order: files before their folders.
                folder.toFile().deleteOnExit();
                for (String name : FILES) {
                    Path target = folder.resolve(name);
                    Path above = folder;
                    for (Path part : folder.relativize(target.resolveSibling(""))) {
                        above = above.resolve(part);
                        Files.createDirectories(above);
                        above.toFile().deleteOnExit();
                    }
                    try (InputStream file = open(name)) {
                        Files.copy(file, target);
                    }
                    target.toFile().deleteOnExit();
                }
                extracted = folder.resolve("services");
            } catch (IOException unwritable) {
                throw new UncheckedIOException("Cannot unpack infra/services", unwritable);
            }
        }
        return extracted;
    }

    private static InputStream open(String name) {
        InputStream file = ServicesScript.class.getResourceAsStream("/farandole-services/" + name);
        if (file == null) {
            throw new IllegalStateException("farandole-test-servers was packed without farandole-services/" + name);
        }
        return file;
    }
}
