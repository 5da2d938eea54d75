package io.farandole.verifier.bundle;

import io.farandole.verifier.Hash;
import io.farandole.verifier.InclusionProof;
import io.farandole.verifier.RowColumn;
import io.farandole.verifier.Seal;
import java.security.PublicKey;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Verifies the rows of one part, in their order. Used by one thread. */
final class PartVerification {

    private final PartManifest manifest;
    private final BundleProofs proofs = new BundleProofs();
    private final List<PublicKey> keys;
    private final Set<String> processes;
    private final Published published;
    private final Faults faults;

    private long events;
    private long proven;
    private long sealed;
    private long unsealed;
    private long redacted;
    private long last;

    /**
     * For a part.
     *
     * @param published gathers what one part published and others received
     * @param faults is told each fault
     */
    PartVerification(PartManifest manifest, List<PublicKey> keys, Published published, Faults faults) {
        this.manifest = manifest;
        this.keys = keys;
        this.processes = Set.copyOf(manifest.processes());
        this.published = published;
        this.faults = faults;
    }

    BundleProofs proofs() {
        return proofs;
    }

    void proof(long number, String line) {
        try {
            proofs.add(line, manifest.context(), keys);
        } catch (IllegalArgumentException e) {
            faults.add(BundleNames.proofs(manifest.context()), number, String.valueOf(e.getMessage()));
        }
    }

    void row(long number, String line) {
        BundledRow row;
        try {
            row = BundledRow.parse(line);
        } catch (IllegalArgumentException | ArithmeticException e) {
            fault(number, "this is no event of a bundle: " + e.getMessage());
            return;
        }
        events++;
        if (row.position() <= last) {
            fault(
                    number,
                    "position " + row.position() + " comes after " + last + ": lines were swapped, or one was added");
        }
        last = Math.max(last, row.position());
        String wrong = wrong(row);
        if (wrong != null) {
            fault(number, "event " + row.text(RowColumn.EVENT_ID) + " " + wrong);
        }
        redacted += row.redacted().isEmpty() ? 0 : 1;
        published.add(manifest, row, number);
    }

    private @Nullable String wrong(BundledRow row) {
        if (!processes.contains(row.text(RowColumn.PROCESS_KEY))
                && !row.redacted().contains(RowColumn.PROCESS_KEY)) {
            return "is of process " + row.text(RowColumn.PROCESS_KEY) + ", which was not asked for";
        }
        boolean own = Boolean.TRUE.equals(row.value(RowColumn.OWN));
        if (own != row.text(RowColumn.SOURCE).equals(manifest.context())) {
            return "says that it was made by " + row.text(RowColumn.SOURCE) + ", which does not fit the rest of it";
        }
        InclusionProof proof = row.proof();
        if (proof == null) {
            unsealed++;
            return row.position() <= manifest.sealedUpTo()
                    ? "has no proof, and the journal was sealed up to position " + manifest.sealedUpTo()
                    : null;
        }
        Seal seal = proofs.seal(proof.seal());
        if (seal == null) {
            return "names seal " + proof.seal() + ", which is not in " + BundleNames.proofs(manifest.context());
        }
        if (!row.sealedBy(seal)) {
            return "is not as it was sealed: something in the line was edited (seal " + seal.number() + " of "
                    + seal.sealedAt() + ")";
        }
        if (proofs.isProven(seal.number())) {
            proven++;
        } else {
            sealed++;
        }
        return null;
    }

    /** What is to be said once all lines are read. */
    BundleReport.Part end() {
        if (events != manifest.events() || redacted != manifest.redacted() || last != manifest.lastPosition()) {
            fault(
                    null,
                    "it has " + events + " events up to position " + last + ", " + redacted
                            + " of them redacted, and its manifest says " + manifest.events() + " up to "
                            + manifest.lastPosition() + ", " + manifest.redacted() + " redacted");
        }
        return new BundleReport.Part(manifest.context(), events, proven, sealed, unsealed, redacted);
    }

    private void fault(@Nullable Long line, String sentence) {
        faults.add(BundleNames.events(manifest.context()), line, sentence);
    }

    /** Takes faults. */
    interface Faults {
        void add(String file, @Nullable Long line, String sentence);
    }

    /** What a part published; what others received must be among it. */
    interface Published {
        void add(PartManifest part, BundledRow row, long line);
    }

    /** A published event's content, compared without being kept. */
    static Hash content(String wireType, String body) {
        return BundleZip.hash((wireType + "\n" + body).getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
}
