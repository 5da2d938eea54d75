package io.farandole.axon;

import io.farandole.messaging.command.Answer;
import io.farandole.messaging.command.CommandInbox;
import io.farandole.messaging.command.ReceivedCommand;
import io.farandole.messaging.command.Replies;
import io.farandole.messaging.command.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Tables {@code farandole.command} and {@code farandole.command_reply}: commands of other services until they are answered, and
 * their answers for as long as a repetition is to get the same one. Thread-safe.
 */
public final class StoredCommands implements CommandInbox, Replies {

    /** How long a reply that was taken is kept from other instances; well above a publisher's time-out for confirms. */
    private static final Duration TAKEN_FOR = Duration.ofSeconds(15);

    private final CommandTable table;
    private final ReplyTable replies;
    private final TransactionTemplate transaction;
    private final List<Runnable> onStored = new CopyOnWriteArrayList<>();
    private final List<Runnable> onQueued = new CopyOnWriteArrayList<>();

    /** Those of one context's database. */
    public StoredCommands(DataSource dataSource) {
        this.table = new CommandTable(dataSource);
        this.replies = new ReplyTable(dataSource);
        this.transaction = new TransactionTemplate(new JdbcTransactionManager(dataSource));
    }

    @Override
    public Receipt store(List<ReceivedCommand> batch) {
        Receipt receipt = Objects.requireNonNull(transaction.execute(status -> new Storing(batch).run()));
        if (receipt.accepted() > 0) {
            onStored.forEach(Runnable::run);
        }
        if (receipt.accepted() < batch.size()) {
            onQueued.forEach(Runnable::run);
        }
        return receipt;
    }

    /** One batch on its way into the tables. */
    private final class Storing {

        private final List<ReceivedCommand> batch;
        private final List<ReplyTable.Queued> queued = new ArrayList<>();
        private int accepted;
        private int refused;
        private int duplicates;
        private int reused;

        private Storing(List<ReceivedCommand> batch) {
            this.batch = batch;
        }

        private Receipt run() {
            Map<CommandTable.Key, ReceivedCommand> first = new HashMap<>();
            List<ReceivedCommand> again = new ArrayList<>();
            List<ReceivedCommand> distinct = new ArrayList<>();
            for (ReceivedCommand command : batch) {
                boolean isFirst = first.putIfAbsent(CommandTable.Key.of(command), command) == null;
                (isFirst ? distinct : again).add(command);
            }
            Collection<CommandTable.Key> inserted = table.insert(distinct);
            for (ReceivedCommand command : distinct) {
                if (inserted.contains(CommandTable.Key.of(command))) {
                    stored(command);
                } else {
                    again.add(command);
                }
            }
            if (!again.isEmpty()) {
                repeated(again);
            }
            replies.queue(queued);
            return new Receipt(accepted, refused, duplicates, reused);
        }

        private void stored(ReceivedCommand command) {
            if (command.refusal().isEmpty()) {
                accepted++;
            } else {
                refused++;
                reply(command, CommandTable.refusalOf(command));
            }
        }

        /** What is known already: answered from memory, or, while it waits, told where the sender listens now. */
        private void repeated(List<ReceivedCommand> again) {
            Map<CommandTable.Key, CommandTable.Known> known = table.lock(again);
            for (ReceivedCommand command : again) {
                CommandTable.Known before = Objects.requireNonNull(known.get(CommandTable.Key.of(command)));
                if (!before.fingerprint().equals(command.fingerprint())) {
                    reused++;
                    reply(command, Answer.reused(command.sender(), command.id(), command.fingerprint()));
                    continue;
                }
                duplicates++;
                if (before.answer() != null) {
                    reply(command, before.answer());
                } else if (command.replyTo() != null) {
                    table.redirect(command);
                }
            }
        }

        private void reply(ReceivedCommand command, Answer answer) {
            if (command.replyTo() != null) {
                queued.add(new ReplyTable.Queued(
                        command.replyTo(), CommandTable.correlationOf(command), command.type(), answer));
            }
        }
    }

    /** Forgets what was answered longer ago than that; a repetition after that is a new command. The number forgotten. */
    public int purge(Duration answeredBefore, int limit) {
        return table.purge(answeredBefore, limit);
    }

    /** How many wait to be carried out, and for how long the oldest one does. */
    public Backlog backlog() {
        return table.backlog();
    }

    /**
     * What waits.
     *
     * @param waiting commands that are not answered
     * @param failing those of them that have failed
     * @param unsent answers that the broker has not confirmed
     * @param oldest since when the oldest one waits
     */
    public record Backlog(long waiting, long failing, long unsent, Duration oldest) {}

    @Override
    public List<Reply> take(int limit) {
        return replies.take(limit, TAKEN_FOR);
    }

    @Override
    public void settled(Collection<Long> positions) {
        replies.delete(positions);
    }

    @Override
    public void giveBack(Collection<Long> positions) {
        replies.giveBack(positions);
    }

    @Override
    public Registration onQueued(Runnable listener) {
        onQueued.add(listener);
        return () -> onQueued.remove(listener);
    }

    Registration onStored(Runnable listener) {
        onStored.add(listener);
        return () -> onStored.remove(listener);
    }

    void answered() {
        onQueued.forEach(Runnable::run);
    }

    CommandTable table() {
        return table;
    }

    ReplyTable replies() {
        return replies;
    }
}
