package io.farandole.audit.seal;

import com.zaxxer.hikari.HikariDataSource;
import io.farandole.eventstore.Journal;
import io.farandole.eventstore.JournalEntry;
import io.farandole.eventstore.JournalSettings;
import io.farandole.messaging.Envelope;
import io.farandole.messaging.EventType;
import io.farandole.testservers.PostgresServer;
import io.farandole.testservers.TestDatabase;
import io.farandole.verifier.Range;
import io.farandole.verifier.Report;
import io.farandole.verifier.SealedJournal;
import io.farandole.verifier.Verification;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A context's database with its journal, a key, and a directory for checkpoints. */
final class SealedContext implements AutoCloseable {

    static final Duration ALWAYS = Duration.ZERO;

    private final TestDatabase database;
    private final HikariDataSource pool;
    private final Path directory;
    private final KeyPair key;
    private final List<Runnable> closing = new ArrayList<>();
    private final Journal journal;

    SealedContext(Path directory) throws Exception {
        this.directory = directory;
        this.key = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        database = PostgresServer.shared().createDatabase("sealed");
        database.migrate();
        pool = database.appPool(12);
        journal = journal();
    }

    /** A journal as another instance has it. */
    Journal journal() {
        Journal another = new Journal(pool, JournalSettings.of("order"));
        closing.add(another::close);
        return another;
    }

    /** Of at most so many rows to a seal, with checkpoints at each round. */
    Sealer sealer(int atMost) {
        return sealer(atMost, new CheckpointDirectory(directory, "order"));
    }

    Sealer sealer(int atMost, @Nullable CheckpointStore store) {
        return sealer(journal, atMost, store, Duration.ofSeconds(10));
    }

    Sealer sealer(Journal of, int atMost, @Nullable CheckpointStore store, Duration every) {
        Checkpoints checkpoints = store == null ? null : new Checkpoints(new CheckpointSigner(key.getPrivate()), store);
        Sealer sealer = new Sealer(of, pool, new SealSettings(every, atMost, ALWAYS), checkpoints);
        closing.add(0, sealer::close);
        return sealer;
    }

    HikariDataSource pool() {
        return pool;
    }

    TestDatabase database() {
        return database;
    }

    Path directory() {
        return directory;
    }

    KeyPair key() {
        return key;
    }

    PublicKey publicKey() {
        return key.getPublic();
    }

    /** One event each, in transactions of their own: positions without gaps. */
    void append(int events) {
        List<JournalEntry> entries = new ArrayList<>();
        for (int i = 0; i < events; i++) {
            entries.add(entry());
        }
        journal.appendOwn(entries);
    }

    void receive(int events) {
        List<Envelope> batch = new ArrayList<>();
        for (int i = 0; i < events; i++) {
            batch.add(new Envelope(
                    UUID.randomUUID().toString(),
                    "stock",
                    new EventType("stock.stock-reserved", 1),
                    "r-" + i,
                    Instant.parse("2026-11-20T12:00:00.123456Z"),
                    "o-" + i,
                    7L + i,
                    "conversation",
                    null,
                    null,
                    null,
                    "{\"units\":" + i + "}"));
        }
        journal.appendReceived(batch);
    }

    /** A transaction that appends and is rolled back: its positions are missing for ever. */
    void rollBack(int events) throws SQLException {
        asAdmin("select nextval('farandole.journal_position') from generate_series(1, " + events + ")");
    }

    static JournalEntry entry() {
        String order = UUID.randomUUID().toString();
        return new JournalEntry(
                UUID.randomUUID().toString(),
                "Order",
                order,
                0L,
                new EventType("order.order-placed", 1),
                "{\"orderId\":\"" + order + "\",\"total\":1990}",
                "{\"user\":\"é\"}",
                order,
                "conversation",
                null,
                null,
                null,
                null,
                null,
                Instant.parse("2026-11-20T12:00:00.123456Z"));
    }

    /** Verifies seals and checkpoints, as a role that can only read. */
    Report verify() throws Exception {
        try (Connection connection = database.connectAsApp()) {
            return Verification.ofSealsAndCheckpoints(
                    new SealedJournal(connection),
                    "order",
                    directory,
                    List.of(publicKey()),
                    Range.ALL,
                    io.farandole.verifier.Progress.NONE);
        }
    }

    Report verifySeals(Range range) throws Exception {
        try (Connection connection = database.connectAsApp()) {
            return Verification.ofSeals(new SealedJournal(connection), range, io.farandole.verifier.Progress.NONE);
        }
    }

    /** Runs SQL as superuser, as somebody would who alters history. */
    void asAdmin(String sql) throws SQLException {
        try (Connection connection = database.connectAsAdmin();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    String text(String sql) throws SQLException {
        try (Connection connection = database.connectAsAdmin();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getString(1);
        }
    }

    long number(String sql) throws SQLException {
        return Long.parseLong(text(sql));
    }

    @Override
    public void close() {
        closing.forEach(Runnable::run);
        pool.close();
        database.close();
    }
}
