package io.farandole.verifier;

import java.io.IOException;
import java.nio.file.Path;
import java.security.PublicKey;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Compares a journal with its seals, and these with the checkpoints that were signed: once, by one thread.
 *
 * <p>The chain of seals is verified from its beginning, always; rows are, where a {@link Range} wants it. Memory does not grow
 * with the journal. Rows behind the last seal, and seals behind the last checkpoint, prove nothing yet: who can write to the
 * database could still exchange them.
 */
public final class Verification {

    private static final int FAULTS = 200;

    private final SealedJournal journal;
    private final Range range;
    private final Progress progress;
    private final List<Fault> faults = new ArrayList<>();
    private final Differences differences = new Differences();
    private final RowHashing hashing;

    private @Nullable CheckpointTrail trail;
    private @Nullable Checkpoint checkpoint;
    private @Nullable Checkpoint agreed;
    private @Nullable Checkpoint rewritten;
    private @Nullable Seal last;
    private long seals;
    private long rows;
    private long total;
    private long faultCount;

    /** The batches whose rows are being read, where the one begins whose turn it is, and what was read of it. */
    private List<SealedBatch> batches = List.of();

    private int current;
    private RowHashes prints = new RowHashes();

    private Verification(SealedJournal journal, Range range, Progress progress) {
        this.journal = journal;
        this.range = range;
        this.progress = progress;
        this.hashing = new RowHashing(2, this::add);
    }

    /**
     * Verifies a journal against its seals alone. Whoever made all seals anew is not found out so.
     *
     * @throws VerificationException if nothing is sealed, or in a form of a later version
     * @throws SQLException if the journal cannot be read
     */
    public static Report ofSeals(SealedJournal journal, Range range, Progress progress)
            throws VerificationException, SQLException {
        Verification verification = new Verification(journal, range, progress);
        try {
            return verification.run();
        } finally {
            verification.hashing.close();
        }
    }

    /**
     * Verifies a journal against its seals and checkpoints.
     *
     * @param context whose checkpoints they are
     * @param directory where they are
     * @param keys one of which has signed each
     * @throws VerificationException if there are neither seals nor checkpoints, or seals in a form of a later version
     * @throws SQLException if the journal cannot be read
     * @throws IOException if the checkpoints cannot be read
     */
    public static Report ofSealsAndCheckpoints(
            SealedJournal journal,
            String context,
            Path directory,
            Collection<PublicKey> keys,
            Range range,
            Progress progress)
            throws VerificationException, SQLException, IOException {
        Verification verification = new Verification(journal, range, progress);
        CheckpointTrail trail =
                new CheckpointTrail(new CheckpointFiles(directory, context), context, keys, verification::fault);
        verification.trail = trail;
        try {
            return verification.runWith(trail);
        } finally {
            verification.hashing.close();
        }
    }

    private Report runWith(CheckpointTrail trail) throws VerificationException, SQLException, IOException {
        long stored = journal.newestStoredCheckpoint();
        checkpoint = trail.next();
        Report report = run();
        if (stored > trail.newest()) {
            fault(Fault.ofCheckpoint(
                    Fault.Kind.CHECKPOINT_MISSING,
                    trail.newest() + 1,
                    "checkpoint " + stored + " was stored, and the newest that is there is " + trail.newest()));
            return report(report.unsealed());
        }
        return report;
    }

    private Report run() throws VerificationException, SQLException {
        Seal newest = journal.lastSeal();
        if (newest == null && (trail == null || trail.files() == 0)) {
            throw new VerificationException("Nothing is sealed in this journal: there is nothing to compare it with."
                    + " Is farandole.audit.seal.enabled true, and has the service run since?");
        }
        total = newest == null ? 0 : newest.total();
        List<SealedBatch> some = journal.next(0, range);
        while (!some.isEmpty()) {
            verify(some);
            progress.verified(rows, Math.max(total, rows));
            some = journal.next(some.get(some.size() - 1).seal().number(), range);
        }
        end();
        differences.faults(journal).forEach(this::describe);
        faultCount += differences.count();
        Seal end = last;
        return report(journal.unsealed(end == null ? Long.MIN_VALUE : end.upTo()));
    }

    private void verify(List<SealedBatch> some) throws VerificationException, SQLException {
        long after = last == null ? Long.MIN_VALUE : last.upTo();
        List<SealedBatch> wanted = new ArrayList<>();
        for (SealedBatch each : some) {
            Seal seal = each.seal();
            if (seal.form() != StoredRow.FORM) {
                throw new VerificationException("Seal " + seal.number() + " is of rows in form " + seal.form()
                        + ", and this program knows form " + StoredRow.FORM
                        + ": take the verifier of the release that made it");
            }
            verify(seal);
            boolean inRange = seal.upTo() >= range.from() && seal.after() < range.to();
            if (inRange) {
                wanted.add(each);
            } else if (wanted.isEmpty()) {
                after = seal.upTo();
            }
            last = seal;
            seals++;
        }
        if (!wanted.isEmpty()) {
            read(wanted, after);
        }
    }

    private void verify(Seal seal) {
        Seal before = last;
        if (before == null ? seal.number() > 1 : seal.number() > before.number() + 1) {
            long missing = before == null ? 1 : before.number() + 1;
            fault(new Fault(
                    Fault.Kind.SEAL_MISSING,
                    before == null ? 1 : before.upTo() + 1,
                    seal.after(),
                    null,
                    missing,
                    null,
                    missing == seal.number() - 1
                            ? "seal " + missing + " was removed"
                            : "seals " + missing + " to " + (seal.number() - 1) + " were removed"));
        } else if (!seal.genuine()) {
            fault(Fault.ofSeal(
                    Fault.Kind.SEAL_ALTERED, seal, "seal " + seal.number() + " was edited: its hash does not fit"));
        } else if (before == null ? !seal.isFirst() : !seal.follows(before) && before.genuine()) {
            fault(Fault.ofSeal(
                    Fault.Kind.SEAL_ALTERED,
                    seal,
                    before == null
                            ? "seal 1 was exchanged: it does not begin a chain"
                            : "seal " + before.number() + " or " + seal.number()
                                    + " was exchanged: one does not follow the other"));
        }
        compareWithCheckpoints(seal);
    }

    private void compareWithCheckpoints(Seal seal) {
        Checkpoint next = checkpoint;
        while (next != null && next.seal() <= seal.number()) {
            if (next.names(seal)) {
                agreed = next;
            } else if (rewritten == null && next.seal() == seal.number()) {
                rewritten(next);
            }
            next = advance();
        }
    }

    private void rewritten(Checkpoint by) {
        rewritten = by;
        Checkpoint good = agreed;
        fault(new Fault(
                Fault.Kind.HISTORY_REWRITTEN,
                good == null ? 1 : good.position() + 1,
                by.position(),
                null,
                by.seal(),
                by.number(),
                "checkpoint " + by.number() + " of " + by.time() + " signs another seal " + by.seal()
                        + " than there is now: what was sealed after "
                        + (good == null ? "the beginning" : "checkpoint " + good.number())
                        + " was rewritten, rows and seals"));
    }

    private @Nullable Checkpoint advance() {
        CheckpointTrail following = trail;
        try {
            checkpoint = following == null ? null : following.next();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return checkpoint;
    }

    /** What checkpoints tell beyond the last seal. */
    private void end() {
        Checkpoint next = checkpoint;
        Checkpoint newest = next;
        while (next != null) {
            newest = next;
            next = advance();
        }
        Seal end = last;
        long sealedUpTo = end == null ? 0 : end.upTo();
        if (newest != null && newest.position() > sealedUpTo) {
            fault(new Fault(
                    Fault.Kind.TAIL_CUT_OFF,
                    sealedUpTo + 1,
                    newest.position(),
                    null,
                    null,
                    newest.number(),
                    "the journal is sealed up to position " + sealedUpTo + ", and checkpoint " + newest.number()
                            + " of "
                            + newest.time() + " says that it was sealed up to " + newest.position()
                            + ": the rest was cut off"));
        } else if (newest != null && rewritten == null) {
            rewritten(newest);
        }
    }

    private void read(List<SealedBatch> wanted, long after) throws SQLException {
        batches = wanted;
        current = 0;
        prints = new RowHashes();
        long upTo = wanted.stream().mapToLong(each -> each.seal().upTo()).max().orElse(after);
        journal.rows(after, upTo, Integer.MAX_VALUE, hashing::add);
        hashing.flush();
        while (current < batches.size()) {
            compare();
        }
    }

    /** A row belongs to the first batch that does not end before it. */
    private void add(RowHashes some, int index) {
        while (current < batches.size() - 1
                && some.position(index) > batches.get(current).seal().upTo()) {
            compare();
        }
        prints.add(some, index);
        if ((++rows & 0xffff) == 0) {
            progress.verified(rows, Math.max(total, rows));
        }
    }

    private void compare() {
        SealedBatch batch = batches.get(current++);
        boolean genuine = batch.genuine();
        if (!prints.sameAs(batch)) {
            if (genuine || !prints.root().equals(batch.seal().root())) {
                differences.compare(prints, batch);
            }
        }
        if (!genuine) {
            fault(Fault.ofSeal(
                    Fault.Kind.SEAL_ALTERED,
                    batch.seal(),
                    "seal " + batch.seal().number() + " was edited: its root does not fit its rows' hashes"));
        }
        prints = new RowHashes();
    }

    private void fault(Fault fault) {
        faultCount++;
        describe(fault);
    }

    private void describe(Fault fault) {
        if (faults.size() < FAULTS) {
            faults.add(fault);
        }
    }

    private Report report(long unsealed) {
        faults.sort(Comparator.comparingLong(fault -> {
            Long first = fault.firstPosition();
            return first == null ? Long.MAX_VALUE : first;
        }));
        Seal end = last;
        CheckpointTrail followed = trail;
        Checkpoint newest = agreed;
        return new Report(
                end == null ? null : end.context(),
                rows,
                seals,
                end == null ? 0 : end.upTo(),
                unsealed,
                followed == null ? -1 : followed.genuine(),
                newest == null ? 0 : newest.position(),
                faults,
                faultCount);
    }
}
