package io.farandole.axon;

import io.farandole.messaging.command.AcceptedCommand;
import io.farandole.messaging.command.Answer;
import io.farandole.messaging.command.CommandMetrics;
import io.farandole.messaging.command.CommandOutcome.Refused;
import io.farandole.messaging.command.RefusalReason;
import io.farandole.messaging.command.RefusedCommandException;
import io.farandole.messaging.command.Replies;
import io.farandole.messaging.failpoint.Failpoint;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.axonframework.common.transaction.TransactionManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out stored commands in order of arrival, many in one transaction: their effects, their answers and the replies to send commit
 * together or not at all, so each is carried out at most once, and is answered if it was. One thread of its own; instances share the
 * work by the locks of the rows.
 *
 * <p>If a transaction fails, nothing of it has happened. The command that failed is run by itself, and the next transactions are
 * smaller for a while, so that commands that fail cost the others little. One that keeps failing is tried again with growing waits, while
 * others overtake it, and refused as {@link RefusalReason#FAILED} in the end. Conflicts, and the database's absence, do not count.
 */
public final class CommandWorker {

    private static final Logger log = LoggerFactory.getLogger(CommandWorker.class);
    private static final int CONFLICTS = 8;
    private static final Duration STOP = Duration.ofSeconds(10);
    private static final int LONGEST_FAILURE = 2_000;

    private final StoredCommands stored;
    private final CommandExecution execution;
    private final CommandSettings settings;
    private final CommandMetrics metrics;
    private final LongSupplier behind;
    private final Pause pause = new Pause();
    private int size;
    private @Nullable Thread thread;
    private Replies.Registration registration = () -> {};
    private volatile @Nullable String trouble;

    /** {@code behind} tells by how many events the context's sagas are behind. */
    public CommandWorker(
            StoredCommands stored,
            Collection<AcceptedCommand<?>> accepted,
            CommandJson json,
            TransactionManager transactions,
            CommandSettings settings,
            CommandMetrics metrics,
            LongSupplier behind,
            Clock clock) {
        Map<String, AcceptedCommand<?>> byType = accepted.stream()
                .collect(Collectors.toMap(command -> command.type().wireType(), Function.identity()));
        this.stored = stored;
        this.execution = new CommandExecution(byType, json, transactions, clock);
        this.settings = settings;
        this.metrics = metrics;
        this.behind = behind;
        this.size = settings.batchSize();
    }

    /** Starts its thread; does nothing if it runs. */
    public synchronized void start() {
        if (thread != null) {
            return;
        }
        pause.reopen();
        trouble = null;
        registration = stored.onStored(pause::wake);
        thread = new Thread(this::run, "farandole-commands");
        thread.start();
    }

    /** Finishes the transaction under way, and returns when the thread has ended or after a bounded time. */
    public synchronized void stop() {
        Thread running = thread;
        if (running == null) {
            return;
        }
        thread = null;
        pause.end();
        registration.close();
        try {
            running.join(STOP.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (running.isAlive()) {
            log.warn("A command takes longer than {} at the stop; its transaction is left to end by itself", STOP);
        }
    }

    /** Why nothing is carried out now; empty while all is well. */
    public Optional<String> trouble() {
        return Optional.ofNullable(trouble);
    }

    private void run() {
        int failures = 0;
        while (!pause.isEnded()) {
            try {
                boolean idle = isTooFarBehind() || !turn();
                if (failures > 0) {
                    log.info("Commands are carried out again");
                    failures = 0;
                    trouble = null;
                }
                if (idle) {
                    pause.isEndedWhileAwaitingWork(settings.poll());
                }
            } catch (Exception | Error e) {
                failures++;
                trouble = e.getClass().getSimpleName() + ": " + e.getMessage();
                if (failures == 1) {
                    log.warn("Commands cannot be carried out now; trying again", e);
                }
                pause.isEndedWithin(settings.backOff(failures));
            }
        }
    }

    private boolean isTooFarBehind() {
        return settings.maxBehind() > 0 && behind.getAsLong() > settings.maxBehind();
    }

    /** Carries out what is due, as far as one transaction takes it; whether there was anything. */
    private boolean turn() throws Exception {
        Batch batch = new Batch();
        try {
            batch.commit();
        } catch (Exception | Error e) {
            if (isOutage(e)) {
                throw e;
            }
            CommandTable.Key culprit = batch.culprit();
            size = Math.max(1, size / 2);
            if (culprit == null) {
                log.debug("A transaction of several commands failed; trying fewer", e);
            } else {
                alone(culprit, batch.isOfOne() ? e : null);
            }
            return true;
        }
        size = Math.min(settings.batchSize(), size * 2);
        return batch.told();
    }

    /** The commands of one transaction. */
    private final class Batch {

        private List<CommandTable.Waiting> commands = List.of();
        private final List<Answer> answers = new ArrayList<>();

        void commit() throws Exception {
            execution.inTransaction("commands", () -> {
                commands = stored.table().due(size);
                for (CommandTable.Waiting command : commands) {
                    answers.add(execution.answer(command));
                }
                keep(commands, answers);
                return null;
            });
        }

        /** The one to blame; null if it may be any of several. */
        CommandTable.@Nullable Key culprit() {
            if (answers.size() < commands.size()) {
                return commands.get(answers.size()).key();
            }
            return commands.size() == 1 ? commands.get(0).key() : null;
        }

        boolean isOfOne() {
            return commands.size() == 1;
        }

        boolean told() {
            committed(commands, answers);
            return !commands.isEmpty();
        }
    }

    private void keep(List<CommandTable.Waiting> commands, List<Answer> answers) {
        if (commands.isEmpty()) {
            return;
        }
        List<ReplyTable.Queued> replies = new ArrayList<>();
        for (int i = 0; i < commands.size(); i++) {
            CommandTable.Waiting command = commands.get(i);
            if (command.replyTo() != null) {
                replies.add(new ReplyTable.Queued(
                        command.replyTo(), command.correlationId(), command.type(), answers.get(i)));
            }
        }
        stored.table().answer(commands, answers);
        stored.replies().queue(replies);
        Failpoint.COMMANDS_WRITTEN.reached();
    }

    private void committed(List<CommandTable.Waiting> commands, List<Answer> answers) {
        if (commands.isEmpty()) {
            return;
        }
        Failpoint.COMMANDS_COMMITTED.reached();
        stored.answered();
        metrics.batch(commands.size());
        for (int i = 0; i < commands.size(); i++) {
            Answer answer = answers.get(i);
            metrics.answered(commands.get(i).type(), answer.outcome(), answer.reason());
        }
    }

    /**
     * Runs one by itself, and settles it: answered, or to be tried again later.
     *
     * @param first what it has failed with by itself already; null if others were with it, so that nobody knows what it does alone
     */
    private void alone(CommandTable.Key key, @Nullable Throwable first) throws Exception {
        Throwable failure = first;
        for (int attempt = 1; !pause.isEnded(); attempt++) {
            if (failure == null) {
                failure = attempt(key);
            }
            if (failure == null) {
                return;
            }
            if (failure instanceof RefusedCommandException refused) {
                settle(key, command -> Answer.refused(key.sender(), key.id(), refused.refusal()));
                return;
            }
            boolean conflict = FailureKind.of(failure) == FailureKind.CONFLICT;
            if (!conflict || attempt >= CONFLICTS) {
                postpone(key, failure, conflict);
                return;
            }
            failure = null;
            pause.isEndedWithin(Duration.ofMillis(2L << Math.min(attempt, 6)));
        }
    }

    /** What it fails with; null if it does not. An outage is nobody's failure, and is thrown. */
    private @Nullable Throwable attempt(CommandTable.Key key) throws Exception {
        try {
            settle(key, execution::answer);
            return null;
        } catch (Exception | Error e) {
            if (isOutage(e)) {
                throw e;
            }
            return e;
        }
    }

    @FunctionalInterface
    private interface Settlement {
        Answer of(CommandTable.Waiting command) throws Exception;
    }

    private void settle(CommandTable.Key key, Settlement settlement) throws Exception {
        List<CommandTable.Waiting> commands = new ArrayList<>();
        List<Answer> answers = new ArrayList<>();
        execution.inTransaction("command", () -> {
            Optional<CommandTable.Waiting> command = stored.table().waiting(key);
            if (command.isPresent()) {
                answers.add(settlement.of(command.get()));
                commands.add(command.get());
                keep(commands, answers);
            }
            return null;
        });
        committed(commands, answers);
    }

    private void postpone(CommandTable.Key key, Throwable failure, boolean conflict) throws Exception {
        List<CommandTable.Waiting> refused = new ArrayList<>();
        List<Answer> answers = new ArrayList<>();
        execution.inTransaction("failed command", () -> {
            Optional<CommandTable.Waiting> found = stored.table().waiting(key);
            if (found.isPresent()) {
                CommandTable.Waiting command = found.get();
                int attempts = command.attempts() + (conflict ? 0 : 1);
                Duration wait = settings.backOff(Math.max(1, attempts));
                stored.table().failed(command, attempts, text(failure), wait);
                metrics.failed(command.type());
                log.warn("Command {} failed ({} of {} attempts)", command, attempts, settings.attempts(), failure);
                if (attempts >= settings.attempts()) {
                    refused.add(command);
                    answers.add(Answer.refused(
                            key.sender(),
                            key.id(),
                            Refused.of(
                                    RefusalReason.FAILED,
                                    "Something is wrong with the service, not with the command. It was not carried out,"
                                            + " and will not be under this id")));
                    keep(refused, answers);
                }
            }
            return null;
        });
        committed(refused, answers);
    }

    private static boolean isOutage(Throwable failure) {
        FailureKind kind = FailureKind.of(failure);
        return kind == FailureKind.OUTAGE || kind == FailureKind.FENCED;
    }

    /** PostgreSQL's text has no NUL. */
    private static String text(Throwable failure) {
        String text = failure.toString().replace('\0', '?');
        return text.length() > LONGEST_FAILURE ? text.substring(0, LONGEST_FAILURE) : text;
    }
}
