package io.farandole.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.farandole.verifier.Hash;
import io.farandole.verifier.RowColumn;
import io.farandole.verifier.StoredRow;
import io.farandole.verifier.bundle.BundledFile;
import io.farandole.verifier.bundle.BundledRow;
import io.farandole.verifier.bundle.PartManifest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is made of the contexts' answers; {@code HistoryExportsIT} has real ones. */
class ExportCommandTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final String SEALED = "farandole-personal:v1:order.7f:AbC-_9";

    private final RecordingService stock = new RecordingService();
    private final RecordingService order = new RecordingService();
    private final Typed typed = new Typed(stock);
    private Path directory;
    private Path file;

    @BeforeEach
    void opens(@TempDir Path temporary) throws Exception {
        directory = temporary;
        file = temporary.resolve("o.zip");
        typed.environment.put("FARANDOLE_ORDER_URL", order.url());
        order.answer("GET /actuator/timeline", 200, "{\"related\":[\"r-1\"]}");
        order.answer("POST /actuator/bundle/close", 200, "{\"signature\":\"signed\\n\"}");
        stock.answer("GET /actuator/timeline", 404, "{\"detail\":\"no\",\"outcome\":\"UNKNOWN_PROCESS\"}");
        order.answer(
                "POST /actuator/bundle",
                200,
                part("order", "{\"name\":\"" + SEALED + "\",\"note\":\"<script>x</script>\"}"));
        stock.answer("POST /actuator/bundle", 200, part("stock", "{}"));
    }

    @AfterEach
    void closes() {
        stock.close();
        order.close();
    }

    private static String part(String context, String payload) throws Exception {
        Map<RowColumn, Object> columns = new EnumMap<>(RowColumn.class);
        columns.put(RowColumn.POSITION, 7L);
        columns.put(RowColumn.OWN, true);
        columns.put(RowColumn.EVENT_ID, "e-" + context);
        columns.put(RowColumn.SOURCE, context);
        columns.put(RowColumn.PAYLOAD_TYPE, context + ".placed");
        columns.put(RowColumn.PAYLOAD_VERSION, 1);
        columns.put(RowColumn.PAYLOAD, payload);
        columns.put(RowColumn.PROCESS_KEY, "o 1");
        columns.put(RowColumn.OCCURRED_AT, NOW);
        columns.put(RowColumn.RECORDED_AT, NOW);
        String line = BundledRow.of(StoredRow.of(columns), null).line();
        String manifest = new PartManifest(
                        "x",
                        context,
                        "ada",
                        NOW,
                        "why",
                        List.of("o 1"),
                        List.of("order", "stock"),
                        List.of(),
                        1,
                        0,
                        7,
                        7,
                        NOW,
                        NOW,
                        0,
                        List.of(file(context + ".jsonl", line + "\n"), file(context + ".proofs.jsonl", "")))
                .json();
        StringBuilder part = new StringBuilder("events 1\nevent " + line + "\n");
        manifest.lines().forEach(each -> part.append("manifest ").append(each).append('\n'));
        return part + "signature s\nend x\n";
    }

    private static BundledFile file(String name, String text) throws Exception {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new BundledFile(
                name, bytes.length, Hash.of(MessageDigest.getInstance("SHA-256").digest(bytes)));
    }

    private int export(String... more) {
        return typed.run(Stream.concat(
                        Stream.of("export", "--process", "o 1", "--out", file.toString(), "--reason", "why"),
                        Stream.of(more))
                .toArray(String[]::new));
    }

    private List<String> there() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    private String entry(String name) throws IOException {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            return new String(zip.getInputStream(zip.getEntry(name)).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void putsThePartsOfAllContextsIntoOneFile() throws IOException {
        assertThat(export()).isZero();
        assertThat(typed.out()).contains("2 events of 1 process in " + file);
        assertThat(typed.err()).contains("not in it are other processes of the same conversations (--related): r-1");
        try (ZipFile zip = new ZipFile(file.toFile())) {
            assertThat(zip.stream().map(ZipEntry::getName))
                    .containsExactly(
                            "manifest.json",
                            "manifest.sig",
                            "order.jsonl",
                            "order.proofs.jsonl",
                            "order.manifest.json",
                            "order.manifest.sig",
                            "stock.jsonl",
                            "stock.proofs.jsonl",
                            "stock.manifest.json",
                            "stock.manifest.sig",
                            "index.html");
        }
        assertThat(entry("manifest.json")).contains("\"closedBy\":\"order\"", "\"missing\":[]", "\"events\":2");
        assertThat(entry("manifest.sig")).isEqualTo("signed\n");
        assertThat(there()).containsExactly("o.zip");
        assertThat(order.requests().stream().filter(it -> it.path().equals("/actuator/bundle")))
                .singleElement()
                .satisfies(it -> assertThat(it.body()).contains("\"unmasked\":\"false\"", "\"reason\":\"why\""));
    }

    @Test
    void thePageShowsNothingPersonalAndRunsNothingForeign() throws IOException {
        export();
        String page = entry("index.html");
        assertThat(page)
                .contains("▒▒▒ personal", "&lt;script&gt;x&lt;/script&gt;", "default-src 'none'", "<th scope=\"col\">")
                .doesNotContain("farandole-personal", "<script>x", "http://", "https://");
        assertThat(entry("order.jsonl")).contains(SEALED);
        String script = page.substring(page.lastIndexOf("<script>") + 8, page.lastIndexOf("</script>"));
        try {
            assertThat(page)
                    .contains("'sha256-"
                            + Base64.getEncoder()
                                    .encodeToString(MessageDigest.getInstance("SHA-256")
                                            .digest(script.getBytes(StandardCharsets.UTF_8))));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aContextThatDoesNotAnswerIsNamed() throws IOException {
        stock.close();
        assertThat(export()).isEqualTo(ExitCode.REFUSED);
        assertThat(typed.out()).contains("MISSING: stock. stock cannot be reached");
        assertThat(entry("manifest.json")).contains("\"missing\":[{\"context\":\"stock\"");
        assertThat(entry("index.html")).contains("Missing: stock.");
    }

    @Test
    void anAnswerThatBreaksOffOrDiffersFromItsManifestIsNoPart() throws Exception {
        String whole = part("stock", "{}");
        for (String broken : List.of(
                whole.substring(0, whole.length() / 2),
                whole.replace("end x\n", ""),
                whole.replace("stock.placed", "stock.removed"),
                "<html>",
                part("payment", "{}"))) {
            RecordingService another = new RecordingService().answer("POST /actuator/bundle", 200, broken);
            typed.environment.put("FARANDOLE_STOCK_URL", another.url());
            assertThat(export("--force")).as(broken).isEqualTo(ExitCode.REFUSED);
            assertThat(typed.out()).contains("MISSING: stock.");
            another.close();
        }
    }

    @Test
    void nothingIsWrittenIfNobodyMayOrCanTell() throws Exception {
        RecordingService refusing = new RecordingService()
                .answer("POST /actuator/bundle", 409, "{\"detail\":\"Context x has no key to sign with.\"}");
        typed.environment.put("FARANDOLE_STOCK_URL", refusing.url());
        typed.environment.put("FARANDOLE_ORDER_URL", refusing.url());
        assertThat(export()).isEqualTo(ExitCode.REFUSED);
        assertThat(typed.err()).contains("has no key to sign with");
        refusing.close();
        assertThat(export()).isEqualTo(ExitCode.NOT_REACHED);
        assertThat(there()).isEmpty();
    }

    @Test
    void aFileThatIsThereIsKeptUnlessItIsToBeReplaced() throws IOException {
        Files.writeString(file, "mine");
        assertThat(export()).isEqualTo(ExitCode.USAGE);
        assertThat(file).hasContent("mine");
        assertThat(export("--force")).isZero();
        assertThat(entry("manifest.sig")).isEqualTo("signed\n");
    }

    @Test
    void refusesWhatItDoesNotUnderstand() {
        assertThat(typed.run("export", "--process", "o", "--out", "x.zip")).isEqualTo(ExitCode.USAGE);
        assertThat(typed.run("export", "--out", file.toString(), "--reason", "why"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(typed.run("export", "--subject", "ada", "--out", file.toString(), "--reason", "why"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(typed.err()).contains("KIND=ID");
        assertThat(typed.run("export", "--process", "o", "--out", file.toString(), "--reason", " "))
                .isEqualTo(ExitCode.USAGE);
    }

    @Test
    void aSubjectsProcessesAreAskedForWhereTheyAreKnown() {
        stock.answer("GET /actuator/bundle", 404, "{\"detail\":\"knows none\",\"outcome\":\"UNKNOWN_KIND\"}");
        order.answer("GET /actuator/bundle", 200, "{\"processes\":[\"o 1\",\"o 2\"]}");
        assertThat(typed.run("export", "--subject", "customer=c=7", "--out", file.toString(), "--reason", "why"))
                .isZero();
        assertThat(order.requests().get(0).query()).isEqualTo("kind=customer&subject=c%3D7");
        assertThat(typed.out()).contains("2 processes");
    }

    @Test
    void aFullDiskLeavesNothing() throws Exception {
        Path small = Files.createDirectory(directory.resolve("small"));
        Process mount = new ProcessBuilder("mount", "-t", "tmpfs", "-o", "size=8k", "tmpfs", small.toString())
                .redirectErrorStream(true)
                .start();
        assumeTrue(mount.waitFor() == 0, "only root can mount a small disk");
        try {
            file = small.resolve("o.zip");
            assertThat(export()).isEqualTo(ExitCode.REFUSED);
            assertThat(typed.err()).contains("cannot be written", "make room");
            try (Stream<Path> files = Files.list(small)) {
                assertThat(files).isEmpty();
            }
        } finally {
            new ProcessBuilder("umount", small.toString()).start().waitFor();
        }
    }
}
