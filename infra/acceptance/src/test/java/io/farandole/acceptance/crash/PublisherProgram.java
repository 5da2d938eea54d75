package io.farandole.acceptance.crash;

import com.rabbitmq.client.ConnectionFactory;
import io.farandole.eventstore.Journal;
import io.farandole.eventstore.JournalEntry;
import io.farandole.eventstore.JournalOutbox;
import io.farandole.eventstore.JournalSettings;
import io.farandole.messaging.EventType;
import io.farandole.messaging.Followers;
import io.farandole.rabbitmq.Broker;
import io.farandole.rabbitmq.Relay;
import io.farandole.rabbitmq.RelayStatus;
import io.farandole.rabbitmq.TopologySpec;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** A child process with a journal and its relay, that appends one event in a transaction: it starts in a second or two. */
final class PublisherProgram {

    static final String CONTEXT = "order";
    static final EventType TYPE = ListenerProgram.TYPE;

    private static final int KILLED = 137;

    /** Long enough for a relay to publish what it ought not to see yet. */
    private static final long LINGER_NANOS = TimeUnit.MILLISECONDS.toNanos(300);

    /** Where the program ends itself, as if killed; what comes later is up to the relay's failpoints. */
    enum End {
        /** The transaction has begun. */
        BEGUN,
        /** The event is appended, and not committed. */
        APPENDED,
        /** The transaction is rolled back. */
        ROLLED_BACK,
        /** It is committed; the relay may have seen it already. */
        COMMITTED,
        /** It lives, unless its relay dies, which is started after the commit. */
        NONE
    }

    private PublisherProgram() {}

    /**
     * Relays until the process is ended.
     *
     * @param arguments JDBC URL, user and password; host, port, virtual host, user and password of the broker; the event's id, and where it ends
     */
    public static void main(String[] arguments) throws InterruptedException {
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setUrl(arguments[0]);
        database.setUser(arguments[1]);
        database.setPassword(arguments[2]);
        ConnectionFactory broker = new ConnectionFactory();
        broker.setHost(arguments[3]);
        broker.setPort(Integer.parseInt(arguments[4]));
        broker.setVirtualHost(arguments[5]);
        broker.setUsername(arguments[6]);
        broker.setPassword(arguments[7]);
        Journal journal = new Journal(database, JournalSettings.of(CONTEXT));
        Relay relay = Relay.builder(
                        TopologySpec.of(
                                CONTEXT,
                                Followers.builder()
                                        .add(TYPE, List.of(ListenerProgram.CONTEXT))
                                        .build()),
                        Broker.of(broker),
                        new JournalOutbox(journal))
                .build();
        End end = End.valueOf(arguments[9]);
        journal.start();
        if (end == End.NONE) {
            // The relay may be about to die at the first event that it meets.
            append(database, journal, event(arguments[8]), end);
            relay.start();
        } else {
            relay.start();
            while (relay.status().state() != RelayStatus.State.RELAYING) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
            }
            append(database, journal, event(arguments[8]), end);
        }
        new CountDownLatch(1).await();
    }

    private static void append(PGSimpleDataSource database, Journal journal, JournalEntry event, End end) {
        new TransactionTemplate(new DataSourceTransactionManager(database)).executeWithoutResult(transaction -> {
            endAt(End.BEGUN, end);
            journal.appendOwn(List.of(event));
            if (end == End.APPENDED || end == End.ROLLED_BACK) {
                LockSupport.parkNanos(LINGER_NANOS);
            }
            endAt(End.APPENDED, end);
            if (end == End.ROLLED_BACK) {
                transaction.setRollbackOnly();
            }
        });
        endAt(End.ROLLED_BACK, end);
        endAt(End.COMMITTED, end);
    }

    private static void endAt(End here, End end) {
        if (here == end) {
            Runtime.getRuntime().halt(KILLED);
        }
    }

    private static JournalEntry event(String id) {
        @Nullable String none = null;
        return new JournalEntry(
                id,
                "Order",
                id,
                0L,
                TYPE,
                "{}",
                none,
                id,
                id,
                none,
                none,
                TYPE,
                none,
                none,
                Instant.now().truncatedTo(ChronoUnit.MICROS));
    }
}
