package io.farandole.verifier.bundle;

import io.farandole.verifier.Checkpoint;
import io.farandole.verifier.Hash;
import io.farandole.verifier.RowColumn;
import io.farandole.verifier.RowHashes;
import io.farandole.verifier.SealedBatch;
import io.farandole.verifier.StoredRow;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A bundle of one order, from two contexts: order has published an event that stock has received, and another one that is masked.
 * What is done to its files is signed anew as far as a test says: an attacker may have stolen one key and not the other.
 */
final class TestBundle {

    static final String EXPORT = "0b0e3c1e-7a5b-4a6a-9d5e-3f1f2a4b5c6d";
    private static final Instant NOW = Instant.parse("2026-11-22T10:00:00Z");

    final KeyPair order = key();
    final KeyPair stock = key();
    final Map<String, byte[]> files = new LinkedHashMap<>();
    String format = "farandole-bundle/1";

    TestBundle() {
        List<StoredRow> rows = List.of(
                row("order", 10, true, "order", "e-1", "{\"total\":1.50,\"note\":\"é\"}", null),
                row("order", 12, true, "order", "e-2", "{\"paymentToken\":\"tok\"}", null),
                row("order", 15, true, "order", "e-3", " {\n\"odd\" : true }", null),
                row("order", 17, false, "stock", "s-1", "{}", 5L));
        part("order", order, rows, 15);
        part(
                "stock",
                stock,
                List.of(row("stock", 4, false, "order", "e-1", "{\"total\":1.50,\"note\":\"é\"}", 10L)),
                4);
        files.put(BundleNames.PAGE, "<!doctype html>\n".getBytes(StandardCharsets.UTF_8));
    }

    private static KeyPair key() {
        try {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static StoredRow row(
            String context,
            long position,
            boolean own,
            String source,
            String id,
            String payload,
            @Nullable Long sequence) {
        Map<RowColumn, Object> columns = new EnumMap<>(RowColumn.class);
        columns.put(RowColumn.POSITION, position);
        columns.put(RowColumn.OWN, own);
        columns.put(RowColumn.EVENT_ID, id);
        columns.put(RowColumn.SOURCE, source);
        columns.put(RowColumn.PAYLOAD_TYPE, context + ".happened");
        columns.put(RowColumn.PAYLOAD_VERSION, 1);
        columns.put(RowColumn.PAYLOAD, payload);
        columns.put(RowColumn.METADATA, "{\"command\":\"PlaceOrder\"}");
        columns.put(RowColumn.PROCESS_KEY, "o-1");
        columns.put(RowColumn.WIRE_TYPE, "order.happened.v1");
        if (sequence != null) {
            columns.put(RowColumn.SOURCE_SEQUENCE, sequence);
        }
        columns.put(RowColumn.OCCURRED_AT, Instant.parse("2026-11-22T09:00:00.123456Z"));
        columns.put(RowColumn.RECORDED_AT, Instant.parse("2026-11-22T09:00:00.2Z"));
        return StoredRow.of(columns);
    }

    private void part(String context, KeyPair key, List<StoredRow> rows, long sealedUpTo) {
        RowHashes hashes = new RowHashes();
        rows.stream().filter(row -> row.position() <= sealedUpTo).forEach(hashes::add);
        SealedBatch batch = hashes.sealed(context, null, NOW);
        Checkpoint checkpoint = new Checkpoint(
                context,
                1,
                batch.seal().number(),
                batch.seal().upTo(),
                batch.seal().total(),
                batch.seal().hash(),
                Hash.NONE,
                NOW,
                "");
        checkpoint = checkpoint.signed(sign(key, checkpoint.signedBytes()));
        StringBuilder lines = new StringBuilder();
        for (StoredRow row : rows) {
            BundledRow bundled = BundledRow.of(row, batch.proof(row.position()));
            if (row.eventId().equals("e-2")) {
                bundled = bundled.redacted(Map.of(RowColumn.PAYLOAD, "{\"paymentToken\":\"▒▒▒ masked\"}"));
            }
            lines.append(bundled.line()).append('\n');
        }
        put(BundleNames.events(context), lines.toString());
        put(
                BundleNames.proofs(context),
                BundleProofs.line(batch.seal()) + "\n" + BundleProofs.checkpointLine(checkpoint.text()) + "\n");
        signPart(
                context,
                rows.size(),
                context.equals("order") ? 1 : 0,
                rows.get(0).position(),
                rows.get(rows.size() - 1).position(),
                sealedUpTo);
    }

    /** Makes a part's manifest of its files as they are now, and signs it with the context's key. */
    void signPart(String context, long events, long redacted, long first, long last, long sealedUpTo) {
        KeyPair key = context.equals("order") ? order : stock;
        String manifest = new PartManifest(
                        EXPORT,
                        context,
                        "ada",
                        NOW,
                        "a complaint",
                        List.of("o-1"),
                        List.of("order", "stock"),
                        List.of("paymentToken"),
                        events,
                        redacted,
                        first,
                        last,
                        NOW,
                        NOW,
                        sealedUpTo,
                        List.of(file(BundleNames.events(context)), file(BundleNames.proofs(context))))
                .json();
        put(BundleNames.manifest(context), manifest);
        put(BundleNames.signature(context), signature(BundleSignature.Kind.PART, context, key, manifest));
    }

    void put(String name, String text) {
        files.put(name, text.getBytes(StandardCharsets.UTF_8));
    }

    String text(String name) {
        byte[] bytes = files.get(name);
        return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
    }

    void replace(String name, String was, String is) {
        if (!text(name).contains(was)) {
            throw new IllegalArgumentException(name + " has no " + was);
        }
        put(name, text(name).replace(was, is));
    }

    private BundledFile file(String name) {
        byte[] bytes = files.getOrDefault(name, new byte[0]);
        return new BundledFile(name, bytes.length, BundleZip.hash(bytes));
    }

    private static String signature(BundleSignature.Kind kind, String context, KeyPair key, String manifest) {
        BundleSignature unsigned = new BundleSignature(
                kind, context, EXPORT, "ada", NOW, BundleZip.hash(manifest.getBytes(StandardCharsets.UTF_8)), "");
        return unsigned.signed(sign(key, unsigned.signedBytes())).text();
    }

    static String sign(KeyPair key, byte[] bytes) {
        try {
            Signature signing = Signature.getInstance("Ed25519");
            signing.initSign(key.getPrivate());
            signing.update(bytes);
            return Base64.getEncoder().encodeToString(signing.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Makes the bundle's manifest of the files as they are now, and signs it. */
    TestBundle close(BundleManifest.Missing... missing) {
        files.remove(BundleNames.MANIFEST);
        files.remove(BundleNames.SIGNATURE);
        List<BundledFile> listed = new ArrayList<>();
        files.keySet().forEach(name -> listed.add(file(name)));
        String manifest = new BundleManifest(
                        EXPORT,
                        "ada",
                        NOW,
                        "a complaint",
                        null,
                        List.of("o-1"),
                        List.of("order", "stock"),
                        List.of(missing),
                        "order",
                        5,
                        listed)
                .json()
                .replace("farandole-bundle/1", format);
        put(BundleNames.MANIFEST, manifest);
        put(BundleNames.SIGNATURE, signature(BundleSignature.Kind.BUNDLE, "order", order, manifest));
        return this;
    }

    Path write(Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Map.Entry<String, byte[]> each : files.entrySet()) {
                zip.putNextEntry(new ZipEntry(each.getKey()));
                zip.write(each.getValue());
                zip.closeEntry();
            }
        }
        return file;
    }

    List<PublicKey> keys() {
        return List.of(order.getPublic(), stock.getPublic());
    }
}
