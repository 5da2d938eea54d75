package io.farandole.participant;

import io.farandole.participant.Answer.Verdict;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HexFormat;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The guard of a service that takes part in global transactions. It opens one transaction around what the service does for a
 * branch, and keeps its memory of the branch in that transaction. So, for one (participant, global id, branch id):
 *
 * <ul>
 *   <li>a commit has one effect, however often it comes; a repetition is answered as the first was, also if that was a refusal;
 *   <li>a repetition with another request is refused ({@code INVALID}), and never carried out;
 *   <li>a compensation undoes what the commit did, once, and is answered again when it is repeated;
 *   <li>a compensation without a commit is answered as done and leaves a tombstone, and every commit after a compensation is
 *       refused ({@code COMPENSATED_BEFORE});
 *   <li>a refused compensation is not final: the next call tries it again;
 *   <li>a branch may come in two phases (try, confirm, cancel): a try holds, once; a confirmation lets what is held take effect, once, and
 *       is refused where nothing is held; a compensation instead of it lets go of what is held; and so does its {@link #expire
 *       expiry};
 *   <li>what is refused, fails or throws, an {@link Error} too, leaves nothing behind but the memory of a refusal.
 * </ul>
 *
 * <p>Of two calls that come at once, from any instance, the second waits until the first has committed or rolled back, at most
 * for {@link BarrierSettings#maxWait()}. It holds for as long as it remembers, see {@link #purge}. Thread-safe.
 */
public final class BranchBarrier {

    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private final DataSource dataSource;
    private final BranchStore branches;
    private final TransactionTemplate transactions;
    private final BarrierSettings settings;

    /** A barrier with default settings. */
    public BranchBarrier(DataSource dataSource, PlatformTransactionManager transactionManager) {
        this(dataSource, transactionManager, BarrierSettings.DEFAULT);
    }

    /**
     * A barrier over table {@code participant_branch}.
     *
     * @param dataSource the service's own, in which its effects are written
     * @param transactionManager of that data source: {@code JdbcTransactionManager}, {@code JpaTransactionManager}
     */
    public BranchBarrier(
            DataSource dataSource, PlatformTransactionManager transactionManager, BarrierSettings settings) {
        this.dataSource = targetOf(dataSource);
        this.branches = new BranchStore(this.dataSource);
        this.transactions = new TransactionTemplate(transactionManager);
        this.transactions.setTimeout((int) settings.transactionTimeout().toSeconds());
        this.settings = settings;
    }

    /** The bounds it keeps. */
    public BarrierSettings settings() {
        return settings;
    }

    /**
     * Commits a branch.
     *
     * @param request what makes a repetition the same request, to the byte: usually its body
     * @param action the effect; runs in the transaction, at most once at a time
     * @return its answer, or the one that was given before
     * @throws BranchBusyException if another call of this branch takes too long
     * @throws IllegalStateException if a transaction is open already, or is not the data source's
     * @throws Exception what the action throws
     */
    public Answer commit(Branch branch, byte[] request, Action action) throws Exception {
        return begin(branch, BranchState.COMMITTED, request, action, () -> {});
    }

    /**
     * Holds a branch: the first of two phases.
     *
     * @param request what makes a repetition, and the confirmation, the same request
     * @param keep for how long it is held if nobody confirms or compensates it; longer than the longest global transaction
     * @param action reserves; runs in the transaction, at most once at a time
     * @return its answer, or the one that was given before: after the confirmation, that one's
     * @throws BranchBusyException if another call of this branch takes too long
     * @throws IllegalStateException if a transaction is open already, or is not the data source's
     * @throws Exception what the action throws
     */
    public Answer hold(Branch branch, byte[] request, Duration keep, Action action) throws Exception {
        return begin(branch, BranchState.HELD, request, action, () -> branches.hold(branch, keep));
    }

    /**
     * Confirms a branch that is held: the second of two phases. What the action refuses is not final: the next call tries it again.
     *
     * @param request the same as that of the try
     * @param action lets what is held take effect; runs in the transaction, at most once at a time
     * @return its answer, or the one that was given before
     * @throws BranchBusyException if another call of this branch takes too long
     * @throws IllegalStateException if a transaction is open already, or is not the data source's
     * @throws Exception what the action throws
     */
    public Answer confirm(Branch branch, byte[] request, Action action) throws Exception {
        String hash = sha256(request);
        return inTransaction(branch, () -> {
                    String before = branches.boundWaits(settings.maxWait());
                    Remembered known = branches.lock(branch);
                    if (known == null || known.state() == BranchState.REFUSED) {
                        return Ending.kept(Answer.refused(Answer.NOT_HELD, "Branch " + branch + " is not held"));
                    }
                    if (known.state() != BranchState.HELD || !hash.equals(known.requestHash())) {
                        return Ending.kept(answerAgain(branch, known, hash, true));
                    }
                    branches.restoreWaits(before);
                    Answer answer = checked(branch, action.act());
                    if (answer.verdict() != Verdict.DONE) {
                        return Ending.undone(answer);
                    }
                    branches.confirmed(branch, answer);
                    return Ending.kept(answer);
                })
                .answer();
    }

    /** A first phase, or the only one. */
    private Answer begin(Branch branch, BranchState state, byte[] request, Action action, Runnable noting)
            throws Exception {
        String hash = sha256(request);
        boolean inPhases = state == BranchState.HELD;
        Ending ending = inTransaction(branch, () -> {
            String before = branches.boundWaits(settings.maxWait());
            if (!branches.add(branch, state, hash)) {
                return Ending.kept(answerAgain(branch, branches.find(branch), hash, inPhases));
            }
            branches.restoreWaits(before);
            Answer answer = checked(branch, action.act());
            if (answer.verdict() != Verdict.DONE) {
                return Ending.undone(answer);
            }
            branches.answer(branch, answer);
            noting.run();
            return Ending.kept(answer);
        });
        if (ending.kept() || ending.answer().verdict() != Verdict.REFUSED) {
            return ending.answer();
        }
        // The refusal is remembered in a transaction of its own, after that of the action was rolled back as a whole: a
        // savepoint
        // would not undo what JPA has not flushed yet. Another call may get in between; then what that one did counts.
        return inTransaction(branch, () -> {
                    branches.boundWaits(settings.maxWait());
                    if (!branches.add(branch, BranchState.REFUSED, hash)) {
                        return Ending.kept(answerAgain(branch, branches.find(branch), hash, inPhases));
                    }
                    branches.answer(branch, ending.answer());
                    return ending.asKept();
                })
                .answer();
    }

    /**
     * Compensates a branch: undoes what was committed, or lets go of what is held.
     *
     * @param action undoes the effect; not called if there is none to undo
     * @return its answer, or the one that was given before; {@link Answer#done()} if there was nothing to undo
     * @throws BranchBusyException if another call of this branch takes too long
     * @throws IllegalStateException if a transaction is open already, or is not the data source's
     * @throws Exception what the action throws
     */
    public Answer compensate(Branch branch, Action action) throws Exception {
        Ending ending = inTransaction(branch, () -> {
            String before = branches.boundWaits(settings.maxWait());
            if (branches.addTombstone(branch)) {
                return Ending.kept(Answer.done());
            }
            Remembered known = branches.lock(branch);
            if (known == null) {
                throw new BranchBusyException(branch, settings.maxWait(), null);
            }
            if (known.state() == BranchState.COMPENSATED) {
                return Ending.kept(known.answer());
            }
            if (known.state() == BranchState.REFUSED) {
                branches.buryRefused(branch);
                return Ending.kept(Answer.done());
            }
            branches.restoreWaits(before);
            Answer answer = checked(branch, action.act());
            if (answer.verdict() != Verdict.DONE) {
                return Ending.undone(answer);
            }
            branches.compensated(branch, answer);
            return Ending.kept(answer);
        });
        if (!ending.kept() && ending.answer().verdict() == Verdict.REFUSED) {
            // For people who look: it decides nothing, so it matters little if it is lost in a crash.
            inTransaction(branch, () -> {
                branches.boundWaits(settings.maxWait());
                branches.compensationRefused(branch);
                return ending.asKept();
            });
        }
        return ending.answer();
    }

    /**
     * Forgets branches whose state has not changed for {@code age}. A commit or compensation that is repeated after that is
     * carried out as if it were the first: keep it far above the longest time for which anybody may repeat a call (30 days is a
     * good value). Branches whose compensation is refused so far are kept. Call it from time to time, until it answers less than
     * the limit.
     *
     * @param limit most rows to delete in this call
     * @return rows deleted
     */
    public int purge(Duration age, int limit) {
        return branches.purge(age, limit);
    }

    /**
     * Lets go of what was held for too long, each branch in a transaction of its own. A confirmation that comes later is refused ({@code
     * EXPIRED}). Call it from time to time, on every instance if you like, where branches are held.
     *
     * @param limit most branches in this call
     * @param letGo undoes the hold of a branch, as a compensation does; what it refuses or throws leaves the hold as it is
     * @return how many have expired
     * @throws Exception what {@code letGo} has thrown, after all the others were let go
     */
    public int expire(int limit, Expiry letGo) throws Exception {
        int expired = 0;
        Exception failure = null;
        for (Branch branch : branches.expired(limit)) {
            try {
                expired += expire(branch, letGo) ? 1 : 0;
            } catch (Exception e) {
                // One that cannot be let go of must not keep the others.
                if (failure == null) {
                    failure = e;
                } else {
                    failure.addSuppressed(e);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
        return expired;
    }

    private boolean expire(Branch branch, Expiry letGo) throws Exception {
        return inTransaction(branch, () -> {
                    if (!branches.lockExpired(branch)) {
                        return Ending.undone(Answer.done());
                    }
                    Answer answer = checked(branch, letGo.letGo(branch));
                    if (answer.verdict() != Verdict.DONE) {
                        return Ending.undone(answer);
                    }
                    branches.compensated(
                            branch,
                            Answer.of(
                                    Verdict.DONE, 200, Answer.EXPIRED, "It was held for too long", null, new byte[0]));
                    return Ending.kept(answer);
                })
                .kept();
    }

    /** What was answered before, or why this request is refused. */
    private Answer answerAgain(Branch branch, @Nullable Remembered known, String hash, boolean inPhases) {
        if (known == null) {
            throw new BranchBusyException(branch, settings.maxWait(), null);
        }
        if (known.state() == BranchState.COMPENSATED) {
            return Answer.EXPIRED.equals(known.answer().reason())
                    ? Answer.refused(Answer.EXPIRED, "Branch " + branch + " was held for too long, and let go")
                    : Answer.refused(
                            Answer.COMPENSATED_BEFORE,
                            "Branch " + branch + " was compensated before; a commit that comes now has no effect");
        }
        if (!hash.equals(known.requestHash())
                || (known.state() != BranchState.REFUSED && known.inPhases() != inPhases)) {
            return Answer.refused(
                    Answer.INVALID,
                    "Branch " + branch
                            + " was asked for before with another request; use another branch id for another request");
        }
        return known.answer();
    }

    private Answer checked(Branch branch, Answer answer) {
        if (answer.body().length > settings.maxAnswer()) {
            throw new IllegalStateException("The answer to branch " + branch + " has " + answer.body().length
                    + " bytes, and no more than " + settings.maxAnswer()
                    + " are remembered; answer with less, or raise BarrierSettings.maxAnswer");
        }
        return answer;
    }

    private Ending inTransaction(Branch branch, Work work) throws Exception {
        if (TransactionSynchronizationManager.isActualTransactionActive()) {
            throw new IllegalStateException("The barrier of branch " + branch
                    + " opens the transaction itself, and one is open already: put the barrier outside of it");
        }
        try {
            Ending ending = transactions.execute(status -> {
                Ending result = run(branch, work);
                if (!result.kept()) {
                    status.setRollbackOnly();
                }
                return result;
            });
            if (ending == null) {
                throw new IllegalStateException("The transaction of branch " + branch + " gave no answer");
            }
            return ending;
        } catch (CheckedException wrapped) {
            throw wrapped.exception();
        }
    }

    private Ending run(Branch branch, Work work) {
        requireTransactionOfDataSource();
        try {
            return work.run();
        } catch (DataAccessException failed) {
            throw isLockTimeout(failed) ? new BranchBusyException(branch, settings.maxWait(), failed) : failed;
        } catch (RuntimeException failed) {
            throw failed;
        } catch (Exception failed) {
            throw new CheckedException(failed);
        }
    }

    /** Effect and memory would not commit together otherwise, and nobody would notice until a crash. */
    private void requireTransactionOfDataSource() {
        if (!TransactionSynchronizationManager.hasResource(dataSource)) {
            throw new IllegalStateException("The transaction manager does not manage the barrier's data source:"
                    + " give BranchBarrier the data source that the transaction manager has");
        }
    }

    /** What transaction managers know a connection by. */
    private static DataSource targetOf(DataSource dataSource) {
        DataSource target =
                dataSource instanceof TransactionAwareDataSourceProxy proxy ? proxy.getTargetDataSource() : null;
        return target == null ? dataSource : target;
    }

    private static boolean isLockTimeout(DataAccessException failed) {
        return failed.getMostSpecificCause() instanceof SQLException cause
                && LOCK_NOT_AVAILABLE.equals(cause.getSQLState());
    }

    private static String sha256(byte[] request) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(request));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Every Java has SHA-256", impossible);
        }
    }

    @FunctionalInterface
    private interface Work {
        Ending run() throws Exception;
    }

    /** How a transaction ends: kept, or rolled back. */
    private record Ending(Answer answer, boolean kept) {

        static Ending kept(Answer answer) {
            return new Ending(answer, true);
        }

        static Ending undone(Answer answer) {
            return new Ending(answer, false);
        }

        Ending asKept() {
            return kept(answer);
        }
    }

    /** A row, as it was found. */
    record Remembered(BranchState state, boolean inPhases, @Nullable String requestHash, Answer answer) {}
}
