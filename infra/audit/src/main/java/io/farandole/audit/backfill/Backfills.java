package io.farandole.audit.backfill;

import io.farandole.audit.backfill.Backfill.State;
import io.farandole.messaging.Followers;
import io.farandole.messaging.Outbox;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Sends published history to one follower: the stored bytes under the stored ids, in the order of the journal, up to where the journal ended when it was
 * asked for. As an {@link Outbox} it is what a relay sends; each lease is one backfill, for {@link #follower}.
 *
 * <p>At-least-once: what is confirmed and not yet saved is sent again after a crash, and is a duplicate at the follower. One instance at a time
 * works at a backfill; one that was not heard of for {@value #LEASE_SECONDS} seconds is taken over from. Thread-safe, but the
 * leases are one relay's.
 *
 * <p><b>Why nothing is missing between history and live events.</b> The follower's queue is bound to live events before the backfill is asked for,
 * and the end of the journal is taken then. What was published before the binding was there had been committed, so stands at or before that end, and
 * is sent. What stands after it is published later, over the binding. What is in both is a duplicate.
 *
 * <p><b>Why the order holds.</b> History goes to a queue of its own, which the follower reads to its end before it reads the other one.
 */
public final class Backfills implements Outbox {

    static final int LEASE_SECONDS = 15;

    private final String context;
    private final Followers followers;
    private final JdbcTemplate jdbc;
    private final BackfillTable table;
    private final TransactionTemplate transaction;
    private final String instance;
    private volatile @Nullable Backfill leased;

    /**
     * What sends a context's history.
     *
     * @param context this context's name
     * @param followers who follows what, as declared
     * @param dataSource connects as the runtime role
     * @param instance tells this instance from others
     */
    public Backfills(String context, Followers followers, DataSource dataSource, String instance) {
        this.context = context;
        this.followers = followers;
        this.jdbc = new JdbcTemplate(dataSource);
        this.table = new BackfillTable(jdbc);
        this.transaction = new TransactionTemplate(new JdbcTransactionManager(dataSource));
        this.instance = instance;
    }

    /**
     * Has history sent.
     *
     * @throws BackfillRefusedException if the follower does not follow such types, has a backfill that has not ended, or there is nothing in the period
     */
    public Backfill start(BackfillRequest request) {
        List<String> followed = new ArrayList<>(followers.types().stream()
                .filter(type -> type.context().equals(context)
                        && followers.of(type).contains(request.follower())
                        && !request.follower().equals(context))
                .map(type -> type.wireType())
                .toList());
        if (followed.isEmpty()) {
            throw new BackfillRefusedException(request.follower() + " is not declared to follow anything of " + context
                    + ": add it to the published language, deploy, and bind its queue first");
        }
        for (String type : request.types()) {
            if (!followed.contains(type)) {
                throw new BackfillRefusedException(
                        request.follower() + " does not follow " + type + ", but " + String.join(", ", followed));
            }
        }
        long last = number("select coalesce(max(position), 0) from farandole.journal");
        Instant from = request.from();
        Instant to = request.to();
        long after = from == null ? 0 : first(from, last) - 1;
        long upTo = to == null ? last : Math.min(last, first(to, last) - 1);
        if (upTo <= after) {
            throw new BackfillRefusedException("There is no history in that period: choose another");
        }
        long id = table.insert(request, request.types().isEmpty() ? followed : request.types(), after, upTo);
        return table.find(id).orElseThrow();
    }

    private long first(Instant time, long last) {
        return number(
                "select coalesce((select min(position) from farandole.journal where occurred_at >= ?::timestamptz), ? + 1)",
                time.toString(),
                last);
    }

    private long number(String sql, Object... arguments) {
        Long number = jdbc.queryForObject(sql, Long.class, arguments);
        return number == null ? 0 : number;
    }

    /** One of them; empty if there is none of that number. */
    public Optional<Backfill> find(long id) {
        return table.find(id);
    }

    /** The latest, newest first. */
    public List<Backfill> latest(int limit) {
        return table.latest(limit);
    }

    /** Whether there is one to send. */
    public boolean isWaiting() {
        return table.isWaiting();
    }

    /** Stops sending until it is resumed. Empty if there is none of that number. */
    public Optional<Backfill> pause(long id, String by, String reason) {
        return decide(id, "PAUSE", by, reason, () -> table.change(id, State.PAUSED, List.of(State.RUNNING)));
    }

    /** Goes on with a paused one. Empty if there is none of that number. */
    public Optional<Backfill> resume(long id, String by, String reason) {
        return decide(id, "RESUME", by, reason, () -> table.change(id, State.RUNNING, List.of(State.PAUSED)));
    }

    /** Ends one for good; what has been sent stays sent. Empty if there is none of that number. */
    public Optional<Backfill> cancel(long id, String by, String reason) {
        return decide(
                id,
                "CANCEL",
                by,
                reason,
                () -> table.change(id, State.CANCELLED, List.of(State.RUNNING, State.PAUSED)));
    }

    private Optional<Backfill> decide(long id, String decision, String by, String reason, Supplier<Boolean> change) {
        Optional<Backfill> found = table.find(id);
        if (found.isEmpty()) {
            return found;
        }
        transaction.executeWithoutResult(status -> {
            if (!change.get()) {
                throw new BackfillRefusedException("Backfill " + id + " is "
                        + table.find(id).orElseThrow().state() + ", so there is nothing to "
                        + decision.toLowerCase(Locale.ROOT));
            }
            table.decided(id, decision, by, reason);
        });
        return table.find(id);
    }

    @Override
    public Optional<Lease> acquire() {
        return table.claim(instance, Duration.ofSeconds(LEASE_SECONDS)).map(backfill -> {
            leased = backfill;
            return new BackfillLease(context, backfill, table, jdbc, instance, System::nanoTime);
        });
    }

    /** Appends don't matter: what is sent was there before. */
    @Override
    public AutoCloseable onAppend(Runnable listener) {
        return () -> {};
    }

    /** Whom the last lease is for. */
    public String follower() {
        Backfill last = leased;
        if (last == null) {
            throw new IllegalStateException("No backfill has been taken");
        }
        return last.follower();
    }

    /**
     * Notes what keeps this instance from sending, for whoever asks how far a backfill has come: at the one that it had a lease of last, or, where it has
     * got none yet, at the next one. What is sent ends it, and so does a decision about the backfill.
     *
     * @param text with its remedy where there is one; null if nothing does
     */
    public void trouble(@Nullable String text) {
        Backfill last = leased;
        Optional<Long> id = last == null ? table.next() : Optional.of(last.id());
        if (id.isEmpty()) {
            return;
        }
        if (text == null) {
            table.troubleIsOver(id.get(), instance);
        } else {
            table.trouble(id.get(), instance, text);
        }
    }
}
