package io.farandole.verifier.bundle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farandole.verifier.VerificationException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What can be done to a bundle, by whom, and how it shows. */
class BundleIsAlteredTest {

    private final TestBundle bundle = new TestBundle();
    private Path file;

    @BeforeEach
    void names(@TempDir Path directory) {
        file = directory.resolve("order.zip");
    }

    private BundleReport verify() throws Exception {
        return BundleVerification.of(bundle.write(file), BundleKeys.ofAll(bundle.keys()));
    }

    /** Whoever holds the key that closes, and not those of the parts; an operator who is no friend, at most. */
    private BundleFault firstAfterClosingAgain() throws Exception {
        bundle.close();
        BundleReport report = verify();
        assertThat(report.intact()).isFalse();
        return report.faults().get(0);
    }

    /** Whoever holds order's key too: then the seals still tell. */
    private BundleFault firstAfterSigningOrderAgain(long events) throws Exception {
        bundle.signPart("order", events, 1, 10, 17, 15);
        return firstAfterClosingAgain();
    }

    @Test
    void isAsItWasMade() throws Exception {
        bundle.close();
        BundleReport report = verify();
        assertThat(report.faults()).isEmpty();
        assertThat(report.parts())
                .containsExactly(
                        new BundleReport.Part("order", 4, 3, 0, 1, 1), new BundleReport.Part("stock", 1, 1, 0, 0, 0));
        StringWriter told = new StringWriter();
        BundleText.print(report, new PrintWriter(told));
        assertThat(told.toString().lines())
                .contains(
                        "AS MADE: export " + TestBundle.EXPORT + " of 2026-11-22T10:00:00Z by ada, for: a complaint",
                        "stock: 1 events; 1 proven by a signed checkpoint");
        assertThat(told.toString()).contains("content of 1 redacted, not verified", "1 too young for a seal");
        assertThat(BundleText.json(report)).contains("\"intact\":true", "\"proven\":3");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "order.jsonl",
                "order.proofs.jsonl",
                "order.manifest.json",
                "order.manifest.sig",
                "stock.jsonl",
                "index.html",
                "manifest.json",
                "manifest.sig"
            })
    void noFileCanBeChangedWithoutAKey(String name) throws Exception {
        bundle.close();
        byte[] changed = Objects.requireNonNull(bundle.files.get(name)).clone();
        changed[changed.length / 2] ^= 1;
        bundle.files.put(name, changed);
        try {
            BundleReport report = verify();
            assertThat(report.intact()).isFalse();
            assertThat(report.faults().get(0).file()).startsWith(name.replaceAll("[.](json|sig)$", ""));
        } catch (VerificationException e) {
            assertThat(name).isEqualTo("manifest.json");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"order.jsonl", "stock.manifest.json", "index.html"})
    void noFileCanBeRemoved(String name) throws Exception {
        bundle.close();
        bundle.files.remove(name);
        assertThat(verify().faults().get(0))
                .isEqualTo(new BundleFault(name, null, "the manifest names it, and it is gone"));
    }

    @Test
    void noPartCanBeReplacedByWhoeverClosesTheBundle() throws Exception {
        bundle.replace("order.jsonl", "1.50", "9.50");
        assertThat(firstAfterClosingAgain().file()).isEqualTo("order.jsonl");
        bundle.signPart("order", 4, 1, 10, 17, 15);
        String manifest = bundle.text("order.manifest.json");
        bundle.put("order.manifest.json", manifest.replace("a complaint", "for fun"));
        BundleFault fault = firstAfterClosingAgain();
        assertThat(fault.sentence()).isEqualTo("it was changed after it was signed");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    1.50              | 9.50
                    PlaceOrder        | CancelOrder
                    09:00:00.123456Z  | 09:00:00.123457Z
                    "id":"e-1"        | "id":"e-9"
                    "position":"10"   | "position":"11"
                    "own":true        | "own":false
                    order.happened.v1 | order.other.v1
                    """)
    void anEditedEventShowsByItsSealEvenIfTheContextsKeyWasStolen(String was, String is) throws Exception {
        bundle.replace("order.jsonl", was, is);
        BundleFault fault = firstAfterSigningOrderAgain(4);
        assertThat(fault.file()).isEqualTo("order.jsonl");
        assertThat(fault.line()).isEqualTo(1);
    }

    @Test
    void swappedLinesShow() throws Exception {
        List<String> lines = bundle.text("order.jsonl").lines().toList();
        bundle.put(
                "order.jsonl", lines.get(1) + "\n" + lines.get(0) + "\n" + lines.get(2) + "\n" + lines.get(3) + "\n");
        assertThat(firstAfterSigningOrderAgain(4))
                .isEqualTo(new BundleFault(
                        "order.jsonl", 2L, "position 10 comes after 12: lines were swapped, or one was added"));
    }

    @Test
    void aLineThatWasAddedShows() throws Exception {
        String added = BundledRow.of(TestBundle.row("order", 13, true, "order", "e-x", "{}", null), null)
                .line();
        List<String> lines = bundle.text("order.jsonl").lines().toList();
        bundle.put(
                "order.jsonl",
                lines.get(0) + "\n" + lines.get(1) + "\n" + added + "\n" + lines.get(2) + "\n" + lines.get(3) + "\n");
        BundleFault fault = firstAfterSigningOrderAgain(5);
        assertThat(fault.line()).isEqualTo(3);
        assertThat(fault.sentence()).isEqualTo("event e-x has no proof, and the journal was sealed up to position 15");
    }

    @Test
    void anEventThatWasLeftOutShowsByWhatAnotherContextReceived() throws Exception {
        bundle.put(
                "order.jsonl", bundle.text("order.jsonl").lines().skip(1).reduce("", (all, line) -> all + line + "\n"));
        bundle.signPart("order", 3, 1, 12, 17, 15);
        assertThat(firstAfterClosingAgain().sentence())
                .isEqualTo("event e-1 is missing, which stock received from it (stock.jsonl, line 1)");
    }

    /** What a bundle cannot prove: it is a selection. */
    @Test
    void anEventThatNobodyElseReceivedCanBeLeftOutByWhoeverHoldsTheKey() throws Exception {
        bundle.put(
                "order.jsonl",
                bundle.text("order.jsonl")
                        .lines()
                        .filter(line -> !line.contains("e-3"))
                        .reduce("", (all, line) -> all + line + "\n"));
        bundle.signPart("order", 3, 1, 10, 17, 15);
        bundle.close();
        assertThat(verify().intact()).isTrue();
    }

    @Test
    void aWholePartCannotBeLeftOutUnsaid() throws Exception {
        List.copyOf(bundle.files.keySet()).stream()
                .filter(name -> name.startsWith("stock"))
                .forEach(bundle.files::remove);
        assertThat(firstAfterClosingAgain().sentence())
                .isEqualTo("the bundle says that it has a part of stock, and it has not");
        bundle.close(new BundleManifest.Missing("stock", "cannot be reached"));
        BundleReport report = verify();
        assertThat(report.intact()).isTrue();
        assertThat(report.notes()).containsExactly("There is no part of stock, which was asked: cannot be reached");
    }

    @Test
    void anotherKeysSignatureIsWorthNothing() throws Exception {
        bundle.close();
        TestBundle other = new TestBundle();
        BundleReport report = BundleVerification.of(bundle.write(file), BundleKeys.ofAll(other.keys()));
        assertThat(report.faults().get(0))
                .isEqualTo(
                        new BundleFault("manifest.sig", null, "none of the given public keys has signed it for order"));
        assertThatThrownBy(() -> BundleKeys.read(List.of())).hasMessageContaining("--public-key");
    }

    @Test
    void aContextCannotSignForAnother(@TempDir Path keys) throws Exception {
        Path order = pem(keys.resolve("order.pem"), bundle.order.getPublic().getEncoded());
        Path stock = pem(keys.resolve("stock.pem"), bundle.stock.getPublic().getEncoded());
        bundle.close().write(file);
        assertThat(BundleVerification.of(file, BundleKeys.read(List.of("order=" + order, "stock=" + stock)))
                        .intact())
                .isTrue();
        assertThat(BundleVerification.of(file, BundleKeys.read(List.of("order=" + stock, "stock=" + order)))
                        .intact())
                .isFalse();
        assertThatThrownBy(() -> BundleKeys.read(List.of("order=" + keys.resolve("none.pem"))))
                .hasMessageContaining("cannot be read");
    }

    private static Path pem(Path file, byte[] key) throws IOException {
        return Files.writeString(
                file,
                "-----BEGIN PUBLIC KEY-----\n"
                        + java.util.Base64.getMimeEncoder().encodeToString(key) + "\n-----END PUBLIC KEY-----\n");
    }

    @Test
    void aCheckpointCannotBeForged() throws Exception {
        bundle.replace("order.proofs.jsonl", "position: 15", "position: 16");
        BundleFault fault = firstAfterSigningOrderAgain(4);
        assertThat(fault.sentence()).contains("is not genuine: none of the given public keys");
    }

    @Test
    void withoutACheckpointEventsAreSealedAndNotProven() throws Exception {
        bundle.put(
                "order.proofs.jsonl",
                bundle.text("order.proofs.jsonl").lines().findFirst().orElseThrow() + "\n");
        bundle.signPart("order", 4, 1, 10, 17, 15);
        bundle.close();
        assertThat(verify().parts().get(0)).isEqualTo(new BundleReport.Part("order", 4, 0, 3, 1, 1));
    }

    @Test
    void aNewerFormIsNotGuessedAt() throws IOException {
        bundle.format = "farandole-bundle/2";
        bundle.close();
        assertThatThrownBy(this::verify)
                .isInstanceOf(VerificationException.class)
                .hasMessageContaining("farandole-bundle/2, and this program knows farandole-bundle/1");
    }

    @Test
    void whatWasCutOffIsSaidToBe() throws Exception {
        bundle.close();
        byte[] whole = Files.readAllBytes(bundle.write(file));
        for (int length : new int[] {0, 10, whole.length / 2, whole.length - 5}) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> BundleVerification.of(file, BundleKeys.ofAll(bundle.keys())))
                    .isInstanceOf(VerificationException.class)
                    .hasMessageContaining("ask for it again");
        }
        assertThatThrownBy(
                        () -> BundleVerification.of(file.resolveSibling("none.zip"), BundleKeys.ofAll(bundle.keys())))
                .hasMessageContaining("There is no file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../../etc/passwd", "/etc/passwd", "order.jsonl/../x", "C:\\x", "a\nb"})
    void aNameThatLeadsElsewhereIsRefused(String name) throws Exception {
        bundle.put(name, "x");
        BundleFault fault = firstAfterClosingAgain();
        assertThat(fault.sentence()).isEqualTo("no file of a bundle is called so: somebody has added it");
        assertThat(fault.file()).doesNotContain("\n");
    }

    @Test
    void aFileThatNobodyNamedIsRefused() throws Exception {
        bundle.close();
        bundle.put("payment.jsonl", "x\n");
        assertThat(verify().faults().get(0).sentence()).contains("somebody has added it");
    }

    @Test
    void aBombIsNotUnpacked() throws Exception {
        bundle.close().write(file);
        Path bomb = file.resolveSibling("bomb.zip");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(bomb))) {
            for (var each : bundle.files.entrySet()) {
                zip.putNextEntry(new ZipEntry(each.getKey()));
                zip.write(each.getValue());
                if (each.getKey().equals("order.jsonl")) {
                    byte[] zeros = "\n".repeat(1 << 20).getBytes(StandardCharsets.US_ASCII);
                    for (int i = 0; i < 200; i++) {
                        zip.write(zeros);
                    }
                }
                zip.closeEntry();
            }
        }
        BundleReport report = BundleVerification.of(bomb, BundleKeys.ofAll(bundle.keys()));
        assertThat(report.faults())
                .anySatisfy(fault -> assertThat(fault.sentence()).contains("it is longer than the"));
    }
}
