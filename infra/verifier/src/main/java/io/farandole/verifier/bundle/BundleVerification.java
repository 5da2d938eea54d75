package io.farandole.verifier.bundle;

import io.farandole.verifier.VerificationException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Compares a bundle with its signatures, and each of its events with the seals of its context's journal. Needs the public keys, and
 * nothing else. A fault in a manifest's signature ends it: what is below is worth nothing then. Used by one thread.
 */
public final class BundleVerification {

    private static final int FAULTS = 200;

    private final BundleZip zip;
    private final BundleKeys keys;
    private final List<BundleFault> faults = new ArrayList<>();
    private final List<BundleReport.Part> parts = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final Exchanged exchanged = new Exchanged();
    private long faultCount;

    private BundleVerification(BundleZip zip, BundleKeys keys) {
        this.zip = zip;
        this.keys = keys;
    }

    /**
     * Verifies a bundle.
     *
     * @throws VerificationException if it cannot be told: no bundle, cut off, or one of a newer version
     */
    public static BundleReport of(Path file, BundleKeys keys) throws VerificationException {
        try (BundleZip zip = new BundleZip(file)) {
            return new BundleVerification(zip, keys).run();
        } catch (IOException e) {
            throw new VerificationException(
                    file + " is damaged, or was cut off on its way (" + e.getMessage() + "): ask for it again", e);
        }
    }

    private BundleReport run() throws IOException, VerificationException {
        BundleFault odd = zip.oddName();
        if (!zip.has(BundleNames.MANIFEST) || !zip.has(BundleNames.SIGNATURE)) {
            throw new VerificationException("This is no bundle: it has no " + BundleNames.MANIFEST + ", or no "
                    + BundleNames.SIGNATURE + ". Ask for it again");
        }
        byte[] bytes = zip.small(BundleNames.MANIFEST);
        BundleManifest manifest = manifest(bytes);
        if (odd != null) {
            fault(odd);
            return report(manifest);
        }
        BundleSignature signature = signature(BundleNames.SIGNATURE, BundleSignature.Kind.BUNDLE, bytes);
        if (signature == null || !fits(manifest, signature)) {
            return report(manifest);
        }
        manifest.missing()
                .forEach(it -> notes.add("There is no part of " + it.context() + ", which was asked: " + it.reason()));
        Map<String, BundledFile> files = files(manifest);
        if (faultCount > 0) {
            return report(manifest);
        }
        for (String context : manifest.parts()) {
            part(manifest, context, files);
        }
        others(files);
        exchanged.faults().forEach(this::fault);
        if (exchanged.isFull()) {
            notes.add("There are too many events to compare what contexts published with what others received");
        }
        return report(manifest);
    }

    private static BundleManifest manifest(byte[] bytes) throws VerificationException {
        try {
            Members members = Json.object(BundleZip.text(bytes));
            version(members, BundleManifest.FORMAT, BundleManifest.VERSION);
            return BundleManifest.parse(members);
        } catch (IllegalArgumentException | DateTimeParseException e) {
            throw new VerificationException(
                    "This is no bundle, or its " + BundleNames.MANIFEST + " is damaged: " + e.getMessage(), e);
        }
    }

    private static void version(Members members, String format, int known) throws VerificationException {
        String said = members.text("format");
        if (!said.equals(format + known)) {
            throw new VerificationException(
                    said.startsWith(format)
                            ? "This bundle is of form " + said + ", and this program knows " + format + known
                                    + ": take the verifier of the release that made it, or a later one"
                            : "This is no bundle: it says that it is " + said);
        }
    }

    private @Nullable BundleSignature signature(String name, BundleSignature.Kind kind, byte[] manifest)
            throws IOException, VerificationException {
        BundleSignature signature;
        try {
            signature = BundleSignature.parse(BundleZip.text(zip.small(name)));
        } catch (IllegalArgumentException e) {
            fault(name, null, String.valueOf(e.getMessage()));
            return null;
        }
        if (signature.kind() != kind || !signature.signedBy(keys.of(signature.context()))) {
            fault(name, null, "none of the given public keys has signed it for " + signature.context());
            return null;
        }
        if (!signature.sha256().equals(BundleZip.hash(manifest))) {
            fault(name.replace(".sig", ".json"), null, "it was changed after it was signed");
            return null;
        }
        return signature;
    }

    private boolean fits(BundleManifest manifest, BundleSignature signature) {
        if (!signature.export().equals(manifest.export())
                || !signature.context().equals(manifest.closedBy())
                || !signature.by().equals(manifest.by())) {
            fault(BundleNames.SIGNATURE, null, "it is the signature of another export, or of another person's");
            return false;
        }
        return true;
    }

    private Map<String, BundledFile> files(BundleManifest manifest) {
        Map<String, BundledFile> files = new TreeMap<>();
        manifest.files().forEach(file -> files.put(file.name(), file));
        Set<String> listed = new HashSet<>(files.keySet());
        listed.add(BundleNames.MANIFEST);
        listed.add(BundleNames.SIGNATURE);
        for (String name : zip.names()) {
            if (!listed.contains(name)) {
                fault(name, null, "the manifest does not name it: somebody has added it");
            }
        }
        for (String name : files.keySet()) {
            if (!zip.has(name)) {
                fault(name, null, "the manifest names it, and it is gone");
            }
        }
        return files;
    }

    private void part(BundleManifest bundle, String context, Map<String, BundledFile> files)
            throws IOException, VerificationException {
        String name = BundleNames.manifest(context);
        BundledFile listed = files.remove(name);
        BundledFile listedSignature = files.remove(BundleNames.signature(context));
        if (!BundleNames.isContext(context) || listed == null || listedSignature == null) {
            fault(name, null, "the bundle says that it has a part of " + context + ", and it has not");
            return;
        }
        byte[] bytes = zip.small(name);
        if (!BundleZip.hash(bytes).equals(listed.sha256())) {
            fault(name, null, "it is not as it was: its SHA-256 is another than " + BundleNames.MANIFEST + " says");
            return;
        }
        BundleSignature signature = signature(BundleNames.signature(context), BundleSignature.Kind.PART, bytes);
        if (signature == null) {
            return;
        }
        PartManifest part;
        try {
            Members members = Json.object(BundleZip.text(bytes));
            version(members, PartManifest.FORMAT, PartManifest.VERSION);
            part = PartManifest.parse(members);
        } catch (IllegalArgumentException | DateTimeParseException e) {
            fault(name, null, "it is damaged: " + e.getMessage());
            return;
        }
        String wrong = wrong(bundle, context, part, signature);
        if (wrong != null) {
            fault(name, null, wrong);
            return;
        }
        rows(part, files);
    }

    private static @Nullable String wrong(
            BundleManifest bundle, String context, PartManifest part, BundleSignature signature) {
        if (!signature.context().equals(context) || !part.context().equals(context)) {
            return "it is the part of " + part.context();
        }
        if (!part.export().equals(bundle.export()) || !signature.export().equals(bundle.export())) {
            return "it is of another export, " + part.export();
        }
        if (!part.by().equals(bundle.by())
                || !part.reason().equals(bundle.reason())
                || !part.contexts().equals(bundle.contexts())
                || !part.processes().equals(bundle.processes())) {
            return "who asked, why, for which processes or in which contexts differs from " + BundleNames.MANIFEST;
        }
        return null;
    }

    private void rows(PartManifest part, Map<String, BundledFile> files) throws IOException, VerificationException {
        String context = part.context();
        PartVerification verification = new PartVerification(part, keys.of(context), exchanged, this::fault);
        BundledFile proofFile = one(part, BundleNames.proofs(context), files);
        BundledFile eventFile = one(part, BundleNames.events(context), files);
        if (proofFile == null || eventFile == null) {
            return;
        }
        long before = faultCount;
        String differs = zip.read(proofFile, verification::proof);
        String contradiction = verification.proofs().follow();
        if (contradiction != null) {
            fault(proofFile.name(), null, contradiction);
        }
        if (differs != null) {
            fault(proofFile.name(), null, differs);
        }
        if (faultCount > before) {
            return;
        }
        differs = zip.read(eventFile, verification::row);
        if (differs != null) {
            fault(eventFile.name(), null, differs);
        }
        parts.add(verification.end());
    }

    /** What the context's manifest says of a file; the bundle's must say the same. */
    private @Nullable BundledFile one(PartManifest part, String name, Map<String, BundledFile> files) {
        BundledFile listed = files.remove(name);
        for (BundledFile file : part.files()) {
            if (file.name().equals(name) && file.equals(listed)) {
                return file;
            }
        }
        fault(
                name,
                null,
                "what " + BundleNames.MANIFEST + " says of it is not what " + BundleNames.manifest(part.context())
                        + " says");
        return null;
    }

    /** What no part holds: the page for people. */
    private void others(Map<String, BundledFile> files) throws IOException, VerificationException {
        for (BundledFile file : files.values()) {
            String differs = zip.has(file.name()) ? zip.read(file, (number, line) -> {}) : null;
            if (differs != null) {
                fault(file.name(), null, differs);
            }
        }
    }

    private void fault(String file, @Nullable Long line, String sentence) {
        fault(new BundleFault(file, line, sentence));
    }

    private void fault(BundleFault fault) {
        faultCount++;
        if (faults.size() < FAULTS) {
            faults.add(fault);
        }
    }

    private BundleReport report(BundleManifest manifest) {
        return new BundleReport(manifest, parts, faults, faultCount, notes);
    }
}
