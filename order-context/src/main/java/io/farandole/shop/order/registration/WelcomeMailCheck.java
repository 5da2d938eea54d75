package io.farandole.shop.order.registration;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Looks for welcome mails that should be on their way and that nobody is going to send: somebody skipped the event that asks for the call,
 * deleted its row, or restored a table. It asks again under the call's own key, so a call that turns up after all is the same one.
 *
 * <p>Any number of instances may look: one at a time does (an advisory lock of the transaction), and whoever comes second finds the call.
 * A mail that is only late has its call, and is left alone.
 */
class WelcomeMailCheck implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(WelcomeMailCheck.class);
    private static final int MOST = 100;

    // A call is there under its key until long after it was recorded, and then the mail is not pending any more.
    private static final String LOST =
            """
            select c.customer_id, c.mail_round from app.customer c
            where c.mail_state = 'PENDING'
              and c.mail_since < clock_timestamp() - make_interval(secs => :seconds)
              and not exists (select from farandole.outside_call o
                              where o.kind = :kind and o.idempotency_key = c.customer_id || ':welcome:' || c.mail_round)
            order by c.mail_since, c.customer_id
            limit :limit""";

    private final JdbcClient jdbc;
    private final TransactionOperations transactions;
    private final WelcomeMails mails;
    private final OperatorDecisions decisions;
    private final RegistrationSettings.Check settings;
    private final @Nullable Counter askedAgain;
    private @Nullable ScheduledExecutorService executor;

    WelcomeMailCheck(
            JdbcClient jdbc,
            TransactionOperations transactions,
            WelcomeMails mails,
            OperatorDecisions decisions,
            RegistrationSettings.Check settings,
            @Nullable MeterRegistry meters) {
        this.jdbc = jdbc;
        this.transactions = transactions;
        this.mails = mails;
        this.decisions = decisions;
        this.settings = settings;
        this.askedAgain = meters == null
                ? null
                : Counter.builder("shop.registration.mails.asked.again")
                        .description("welcome mails that the scheduled check found without a call")
                        .register(meters);
    }

    /** A mail that nobody is going to send. */
    private record Lost(String customerId, int round) {}

    /** Looks once; answers how many it has asked for again. */
    int look() {
        List<Lost> lost = transactions.execute(status -> {
            boolean mine = jdbc.sql("select pg_try_advisory_xact_lock(hashtextextended('shop.registration.check', 0))")
                    .query(Boolean.class)
                    .single();
            List<Lost> found = mine ? find(settings.after()) : List.<Lost>of();
            found.forEach(one -> mails.send(one.customerId(), one.round()));
            return found;
        });
        if (lost == null || lost.isEmpty()) {
            return 0;
        }
        // Each in a transaction of its own: what cannot be let go on does not keep the others' mails from being asked
        // for.
        for (Lost one : lost) {
            log.warn("The welcome mail of customer {} had slipped through; it is asked for again", one.customerId());
            decisions.goOn(one.customerId(), "registration", "the mail is asked for again by the scheduled check");
        }
        if (askedAgain != null) {
            askedAgain.increment(lost.size());
        }
        return lost.size();
    }

    private List<Lost> find(Duration after) {
        return jdbc.sql(LOST)
                .param("seconds", after.toMillis() / 1000.0)
                .param("kind", OutsideWelcomeMails.KIND)
                .param("limit", MOST)
                .query((row, number) -> new Lost(row.getString(1), row.getInt(2)))
                .list();
    }

    private void lookSafely() {
        try {
            while (look() == MOST && !Thread.currentThread().isInterrupted()) {
                log.info("More welcome mails are looked for");
            }
        } catch (RuntimeException e) {
            log.warn("Cannot look for welcome mails that slipped through; trying again in {}", settings.every(), e);
        }
    }

    @Override
    public synchronized void start() {
        ScheduledExecutorService started =
                Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "registration-check"));
        long millis = settings.every().toMillis();
        ScheduledFuture<?> unused =
                started.scheduleWithFixedDelay(this::lookSafely, millis, millis, TimeUnit.MILLISECONDS);
        executor = started;
    }

    @Override
    public synchronized void stop() {
        ScheduledExecutorService running = executor;
        if (running != null) {
            running.shutdownNow();
            executor = null;
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return executor != null;
    }
}
