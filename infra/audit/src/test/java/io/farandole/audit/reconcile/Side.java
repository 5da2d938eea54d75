package io.farandole.audit.reconcile;

import io.farandole.eventstore.Journal;
import io.farandole.eventstore.JournalEntry;
import io.farandole.eventstore.JournalInbox;
import io.farandole.eventstore.JournalOutbox;
import io.farandole.eventstore.JournalSettings;
import io.farandole.messaging.Envelope;
import io.farandole.messaging.EventType;
import io.farandole.messaging.Followers;
import io.farandole.messaging.Outbox;
import io.farandole.testservers.PostgresServer;
import io.farandole.testservers.TestDatabase;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/** A context with a database of its own, and without a broker: what it has published is handed over by the test. */
public final class Side implements AutoCloseable {

    public static final EventType PLACED = new EventType("order.order-placed", 1);
    public static final EventType CANCELLED = new EventType("order.order-cancelled", 1);
    public static final Followers FOLLOWERS = Followers.builder()
            .add(PLACED, List.of("stock"))
            .add(CANCELLED, List.of("stock", "payment"))
            .build();

    private final TestDatabase database;
    final Journal journal;
    final Exchanges exchanges;
    final JdbcTemplate admin;

    public Side(String context) {
        database = PostgresServer.shared().createDatabase("reconcile_" + context);
        database.migrate();
        journal = new Journal(database.appDataSource(), JournalSettings.of(context));
        exchanges = new Exchanges(context, FOLLOWERS, database.appDataSource());
        admin = new JdbcTemplate(database.adminDataSource());
    }

    public DataSource dataSource() {
        return database.appDataSource();
    }

    /** An own event that others may know. */
    public void publishes(EventType type, String processKey, String body) {
        append(type, type, processKey, body);
    }

    /** An own event that nobody else may know. */
    public void keeps(String processKey) {
        append(new EventType("order.noted", 1), null, processKey, "{}");
    }

    private void append(EventType type, @Nullable EventType wireType, String processKey, String body) {
        journal.appendOwn(List.of(new JournalEntry(
                UUID.randomUUID().toString(),
                null,
                null,
                null,
                type,
                body,
                null,
                processKey,
                null,
                null,
                null,
                wireType,
                null,
                null,
                Instant.now())));
    }

    /** What it has published, as it would travel; marked as confirmed. */
    public List<Envelope> relays() {
        try (Outbox.Lease lease = new JournalOutbox(journal).acquire().orElseThrow()) {
            Outbox.Batch batch = lease.read(lease.position(), 10_000);
            lease.save(batch.upTo());
            return batch.events();
        }
    }

    public void receives(List<Envelope> events) {
        new JournalInbox(journal).append(events);
    }

    @Override
    public void close() {
        journal.close();
        database.close();
    }
}
