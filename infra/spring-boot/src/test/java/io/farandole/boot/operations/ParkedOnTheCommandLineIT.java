package io.farandole.boot.operations;

import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.testservers.Patience;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line as a process of its own, against a service with a process that has failed for good. */
class ParkedOnTheCommandLineIT {

    private static PostOffice office;

    private record Typed(int exitCode, String out, String err) {}

    @BeforeAll
    static void opens() {
        office = PostOffice.open(Map.of());
    }

    @AfterAll
    static void closes() {
        if (office != null) {
            office.close();
        }
    }

    @Test
    void anOperatorFindsWhatIsStuckRetriesItAndSeesItResolved(@TempDir Path directory) {
        String key = "o-17 / \"a b\"?%2F'";
        assertThat(type(directory, PostOffice.PASSWORD, "parked", "list").out())
                .isEqualToIgnoringNewLines("Nothing is set aside.");
        office.fail(key, new IllegalStateException("no label"));

        Typed list = type(directory, PostOffice.PASSWORD, "parked", "list");
        assertThat(list.exitCode()).as(list.toString()).isZero();
        assertThat(list.out()).contains(key, "PARKED", "IllegalStateException: no label");
        Typed groups = type(directory, PostOffice.PASSWORD, "parked", "groups");
        assertThat(groups.out()).contains("courier").contains("no label");
        Typed shown = type(directory, PostOffice.PASSWORD, "parked", "show", "courier", key, "--stack-trace");
        assertThat(shown.out())
                .contains("it waits for a person")
                .contains("java.lang.IllegalStateException: no label\n\tat ");

        Typed failed =
                type(directory, PostOffice.PASSWORD, "parked", "retry", "courier", key, "--reason=try", "--wait=20");
        assertThat(failed.exitCode()).as(failed.toString()).isEqualTo(1);
        assertThat(failed.out()).contains("RETRY by ada failed again");

        office.courier().failures.remove(key);
        Typed retried =
                type(directory, PostOffice.PASSWORD, "parked", "retry", "courier", key, "--reason=fixed", "--wait=20");
        assertThat(retried.exitCode()).as(retried.toString()).isZero();
        assertThat(retried.out()).contains("RETRY by ada was carried out");
        // The event has left the queue; the queue's own end is another transaction.
        Patience.await()
                .untilAsserted(() -> assertThat(type(directory, PostOffice.PASSWORD, "parked", "show", "courier", key)
                                .out())
                        .contains("Not set aside any more: RETRY by ada was carried out"));
        assertThat(office.courier().delivered).contains(key);
        assertThat(type(directory, PostOffice.PASSWORD, "parked", "retry", "courier", key, "--reason=again")
                        .exitCode())
                .isEqualTo(1);
    }

    @Test
    void scriptsAreToldByTheExitCode(@TempDir Path directory) {
        Typed notLetIn = type(directory, "wrong", "parked", "list");
        assertThat(notLetIn.exitCode()).as(notLetIn.toString()).isEqualTo(3);
        assertThat(notLetIn.err()).contains("Name or password is wrong");
        office.fail("scripted", new IllegalStateException("no label"));
        assertThat(type(directory, PostOffice.PASSWORD, "parked", "skip", "courier", "scripted", "--reason=x")
                        .exitCode())
                .isEqualTo(2);
        Typed compensated = type(
                directory, PostOffice.PASSWORD, "parked", "compensate", "courier", "scripted", "--reason=x", "--yes");
        assertThat(compensated.exitCode()).as(compensated.toString()).isEqualTo(1);
        assertThat(compensated.err()).contains("can compensate");
        Typed skipped = type(
                directory,
                PostOffice.PASSWORD,
                "parked",
                "skip",
                "courier",
                "scripted",
                "--reason=x",
                "--yes",
                "--wait=20");
        assertThat(skipped.exitCode()).as(skipped.toString()).isZero();
        assertThat(type(directory, PostOffice.PASSWORD, "parked", "list", "--limit=0")
                        .exitCode())
                .isEqualTo(2);
    }

    @Test
    void anOperatorGivesAProcessUpThatCannotEndWell(@TempDir Path directory) {
        office.lose("lost-1");
        Typed asked = type(directory, PostOffice.PASSWORD, "parked", "compensate", "delivery", "lost-1", "--reason=x");
        assertThat(asked.exitCode()).as(asked.toString()).isEqualTo(2);
        Typed compensated = type(
                directory,
                PostOffice.PASSWORD,
                "parked",
                "compensate",
                "delivery",
                "lost-1",
                "--reason=it fell into the river",
                "--yes",
                "--wait=20");
        assertThat(compensated.exitCode()).as(compensated.toString()).isZero();
        assertThat(compensated.out()).contains("COMPENSATE by ada was carried out");
        assertThat(office.courier().paidFor).containsOnlyOnce("lost-1");
    }

    private static Typed type(Path directory, String password, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "io.farandole.cli.Farandole"));
        command.addAll(List.of(arguments));
        try {
            Path out = directory.resolve("out");
            Path err = directory.resolve("err");
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            builder.environment().keySet().removeIf(name -> name.startsWith("FARANDOLE_"));
            builder.environment()
                    .putAll(Map.of(
                            "FARANDOLE_POST_URL",
                            "http://localhost:" + office.port("server"),
                            "FARANDOLE_OPERATOR",
                            "ada",
                            "FARANDOLE_OPERATOR_PASSWORD",
                            password,
                            "LC_ALL",
                            "C.UTF-8"));
            Process process = builder.start();
            if (!process.waitFor(Patience.SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IllegalStateException("The command line does not end: " + Files.readString(err));
            }
            return new Typed(
                    process.exitValue(),
                    Files.readString(out, StandardCharsets.UTF_8),
                    Files.readString(err, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted", e);
        }
    }
}
