package io.farandole.verifier;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said without a database. */
class VerifierMainTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        return VerifierMain.run(arguments, Map.of(), null, new PrintWriter(out, true), new PrintWriter(err, true));
    }

    @Test
    void tellsHowToUseIt() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString()).contains("--checkpoints DIR");
    }

    @Test
    void refusesWhatItDoesNotUnderstand() {
        for (List<String> arguments : List.of(
                List.<String>of(),
                List.of("--nonsense", "1"),
                List.of("--url"),
                List.of("--url", "a", "--url", "b"),
                List.of("--url", "a", "--from", "x"),
                List.of("--url", "a", "--since", "yesterday"),
                List.of("--url", "a", "--format", "xml"))) {
            assertThat(run(arguments.toArray(String[]::new)))
                    .as("%s", arguments)
                    .isEqualTo(VerifierMain.USAGE);
        }
        assertThat(err.toString()).contains("--url is missing", "such as 2026-11-22T00:00:00Z, not yesterday");
    }

    @Test
    void saysWhyItCannotTell(@TempDir Path directory) throws Exception {
        Path secret = Files.writeString(directory.resolve("seal.pem"), "-----BEGIN PRIVATE KEY-----\nAAAA\n");
        String nowhere = "jdbc:postgresql://127.0.0.1:1/none?connectTimeout=1";
        assertThat(run("--url", nowhere)).isEqualTo(VerifierMain.UNKNOWN);
        assertThat(run("--url", "jdbc:mysql://x/y?password=secret")).isEqualTo(VerifierMain.UNKNOWN);
        assertThat(run("--url", nowhere, "--checkpoints", directory.toString())).isEqualTo(VerifierMain.UNKNOWN);
        assertThat(run("--url", nowhere, "--checkpoints", directory.toString(), "--public-key", secret.toString()))
                .isEqualTo(VerifierMain.UNKNOWN);
        assertThat(err.toString())
                .contains("could not be read", "not jdbc:mysql://x/y", "give its PEM file", "holds a private key")
                .doesNotContain("secret");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void tellsFaultsToPeopleAndPrograms() {
        Report report = new Report(
                "order",
                1_234_567,
                130,
                1_234_600,
                12,
                17,
                1_234_000,
                List.of(new Fault(
                        Fault.Kind.ROW_EDITED, 44L, 44L, "e-1\u001b", 4L, null, "event \"e-1\u001b\" was edited")),
                3);
        ReportText.print(report, new PrintWriter(out, true));
        assertThat(out.toString().lines())
                .containsExactly(
                        "position 44: event \"e-1?\" was edited [row-edited]",
                        "3 differences in all",
                        "NOT AS SEALED: order, 1,234,567 rows compared with their seals; 130 seals, up to position 1,234,600",
                        "17 genuine checkpoints, which agree up to position 1,234,000",
                        "12 rows are not sealed yet: nothing is known of them");
        assertThat(ReportText.json(report))
                .startsWith("{\"intact\":false,\"context\":\"order\",\"rows\":1234567,")
                .contains(
                        "\"kind\":\"row-edited\",\"firstPosition\":44",
                        "\\\"e-1\\u001b\\\" was",
                        "\"checkpoint\":null");
    }
}
