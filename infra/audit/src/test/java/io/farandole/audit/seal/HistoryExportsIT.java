package io.farandole.audit.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farandole.audit.export.ExportRefusedException;
import io.farandole.audit.export.ExportRequest;
import io.farandole.audit.export.HistoryExported;
import io.farandole.audit.export.HistoryExports;
import io.farandole.messaging.JsonCodec;
import io.farandole.verifier.Hash;
import io.farandole.verifier.bundle.BundleKeys;
import io.farandole.verifier.bundle.BundleManifest;
import io.farandole.verifier.bundle.BundleNames;
import io.farandole.verifier.bundle.BundleReport;
import io.farandole.verifier.bundle.BundleVerification;
import io.farandole.verifier.bundle.BundledFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A part of a bundle, from a journal on a real server. */
class HistoryExportsIT {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00.000001Z");

    private final List<HistoryExported> recorded = new ArrayList<>();
    private final String export = UUID.randomUUID().toString();
    private SealedContext context;
    private Path directory;

    @BeforeEach
    void opens(@TempDir Path temporary) throws Exception {
        directory = temporary;
        context = new SealedContext(temporary);
    }

    @AfterEach
    void closes() {
        context.close();
    }

    private HistoryExports exports(@Nullable CheckpointSigner signer, boolean unmaskedAllowed) {
        return new HistoryExports(
                "order",
                context.pool(),
                signer,
                new JsonCodec(),
                Set.of("total"),
                unmaskedAllowed,
                recorded::add,
                Clock.fixed(NOW, ZoneOffset.UTC));
    }

    private HistoryExports exports() {
        return exports(new CheckpointSigner(context.key().getPrivate()), true);
    }

    private ExportRequest request(boolean masked, List<String> processes) {
        return new ExportRequest(export, processes, List.of("order"), masked, "ada", "a complaint");
    }

    private List<String> processes(String where) throws Exception {
        return List.of(context.text(
                        "select string_agg(process_key, ',' order by position) from farandole.journal where " + where)
                .split(","));
    }

    /** The files of a part, by name. */
    private static Map<String, String> files(InputStream part) throws IOException {
        Map<String, String> words = new LinkedHashMap<>();
        String text;
        try (part) {
            text = new String(part.readAllBytes(), StandardCharsets.UTF_8);
        }
        text.lines().forEach(line -> {
            int space = line.indexOf(' ');
            words.merge(line.substring(0, space), line.substring(space + 1) + "\n", String::concat);
        });
        assertThat(words).containsKeys("events", "manifest", "signature", "end");
        return Map.of(
                BundleNames.events("order"), words.getOrDefault("event", ""),
                BundleNames.proofs("order"), words.getOrDefault("proof", ""),
                BundleNames.manifest("order"), words.getOrDefault("manifest", ""),
                BundleNames.signature("order"), words.getOrDefault("signature", ""));
    }

    private static Hash hash(String text) throws Exception {
        return Hash.of(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    private BundleReport verified(List<String> processes, Map<String, String> files, long events) throws Exception {
        List<BundledFile> listed = new ArrayList<>();
        for (Map.Entry<String, String> file : files.entrySet()) {
            listed.add(new BundledFile(
                    file.getKey(), file.getValue().getBytes(StandardCharsets.UTF_8).length, hash(file.getValue())));
        }
        String manifest = new BundleManifest(
                        export,
                        "ada",
                        NOW,
                        "a complaint",
                        null,
                        processes,
                        List.of("order"),
                        List.of(),
                        "order",
                        events,
                        listed)
                .json();
        Map<String, String> all = new LinkedHashMap<>(files);
        all.put(BundleNames.MANIFEST, manifest);
        all.put(
                BundleNames.SIGNATURE,
                exports().close(export, "ada", hash(manifest)).text());
        Path bundle = directory.resolve("bundle.zip");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(bundle))) {
            for (Map.Entry<String, String> file : all.entrySet()) {
                zip.putNextEntry(new ZipEntry(file.getKey()));
                zip.write(file.getValue().getBytes(StandardCharsets.UTF_8));
            }
        }
        return BundleVerification.of(bundle, BundleKeys.ofAll(List.of(context.publicKey())));
    }

    @Test
    void eachEventIsProvenByItsSealAndItsCheckpoint() throws Exception {
        Sealer sealer = context.sealer(10);
        context.append(25);
        sealer.seal();
        context.receive(15);
        sealer.seal();
        context.append(1);
        List<String> processes = processes("position in (3, 4, 22, 33, 41)");
        Map<String, String> files = files(exports().part(request(true, processes)));
        BundleReport report = verified(processes, files, 5);
        assertThat(report.faults()).isEmpty();
        // Payload fields called total are masked; received events have none.
        assertThat(report.parts()).containsExactly(new BundleReport.Part("order", 5, 4, 0, 1, 4));
        assertThat(files.getOrDefault("order.jsonl", "")).contains("▒▒▒ masked").doesNotContain("\"total\":1990");
        assertThat(recorded).containsExactly(new HistoryExported(export, processes, true, "ada", "a complaint", NOW));
    }

    @Test
    void whoMayAskForAllOfItGetsIt() throws Exception {
        context.append(3);
        context.sealer(10).seal();
        List<String> processes = processes("true");
        Map<String, String> files = files(exports().part(request(false, processes)));
        assertThat(verified(processes, files, 3).parts())
                .containsExactly(new BundleReport.Part("order", 3, 3, 0, 0, 0));
        assertThat(files.getOrDefault("order.jsonl", "")).contains("\"total\":1990");
        assertThat(recorded).extracting(HistoryExported::masked).containsExactly(false);
        assertThatThrownBy(() -> exports(new CheckpointSigner(context.key().getPrivate()), false)
                        .part(request(false, processes)))
                .isInstanceOf(ExportRefusedException.class)
                .hasMessageContaining("farandole.audit.export.unmasked-allowed");
        assertThat(recorded).hasSize(1);
    }

    @Test
    void whatASuperuserEditedShowsInTheBundle() throws Exception {
        context.append(9);
        context.sealer(10).seal();
        List<String> processes = processes("true");
        context.asAdmin("update farandole.journal set payload = replace(payload, '1990', '1') where position = 5");
        context.asAdmin("delete from farandole.journal where position = 7");
        BundleReport report = verified(processes, files(exports().part(request(false, processes))), 8);
        assertThat(report.faults()).singleElement().satisfies(fault -> {
            assertThat(fault.line()).isEqualTo(5);
            assertThat(fault.sentence()).contains("is not as it was sealed");
        });
    }

    @Test
    void aMaskedEventIsSealedAsItIsStoredAndItsMaskIsTheContextsWord() throws Exception {
        context.append(2);
        context.sealer(10).seal();
        List<String> processes = processes("true");
        Map<String, String> files = new LinkedHashMap<>(files(exports().part(request(true, processes))));
        files.put("order.jsonl", files.getOrDefault("order.jsonl", "").replaceFirst("▒▒▒ masked", "1"));
        assertThat(verified(processes, files, 2).intact()).isFalse();
    }

    @Test
    void aLongHistoryIsToldInPieces() throws Exception {
        context.append(700);
        context.asAdmin("update farandole.journal set process_key = 'one'");
        context.sealer(7).seal();
        Map<String, String> files = files(exports().part(request(true, List.of("one"))));
        BundleReport report = verified(List.of("one"), files, 700);
        assertThat(report.faults()).isEmpty();
        assertThat(report.parts()).containsExactly(new BundleReport.Part("order", 700, 700, 0, 0, 700));
        assertThat(files.getOrDefault("order.proofs.jsonl", "").lines().collect(Collectors.toSet()))
                .as("each seal and checkpoint once")
                .hasSize((int)
                        files.getOrDefault("order.proofs.jsonl", "").lines().count());
    }

    @Test
    void anUnknownProcessIsAPartWithoutEvents() throws Exception {
        Map<String, String> files = files(exports().part(request(true, List.of("none"))));
        assertThat(verified(List.of("none"), files, 0).parts())
                .containsExactly(new BundleReport.Part("order", 0, 0, 0, 0, 0));
    }

    @Test
    void nothingIsHandedOutUnsignedOrUnrecorded() {
        assertThatThrownBy(() -> exports(null, true).part(request(true, List.of("one"))))
                .isInstanceOf(ExportRefusedException.class)
                .hasMessageContaining("farandole.audit.seal.signing-key");
        HistoryExports unrecorded = new HistoryExports(
                "order",
                context.pool(),
                new CheckpointSigner(context.key().getPrivate()),
                new JsonCodec(),
                Set.of(),
                true,
                exported -> {
                    throw new IllegalStateException("no");
                },
                Clock.systemUTC());
        assertThatThrownBy(() -> unrecorded.part(request(true, List.of("one")))).hasMessage("no");
    }

    @Test
    void aRequestThatAsksForTooMuchOrNothingIsNone() {
        for (List<String> processes : List.of(
                List.<String>of(),
                List.of("a", "a"),
                List.of(""),
                java.util.stream.IntStream.range(0, 1001)
                        .mapToObj(Integer::toString)
                        .toList())) {
            assertThatThrownBy(() -> request(true, processes)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> new ExportRequest("x", List.of("a"), List.of(), true, "ada", "b"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
