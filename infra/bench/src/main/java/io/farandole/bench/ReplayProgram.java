package io.farandole.bench;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.farandole.audit.rebuild.Limit;
import io.farandole.audit.rebuild.ReadModel;
import io.farandole.audit.rebuild.Rebuild;
import io.farandole.audit.rebuild.RebuildRequest;
import io.farandole.audit.rebuild.RebuildRequest.Purpose;
import io.farandole.audit.rebuild.RebuildSettings;
import io.farandole.audit.rebuild.Rebuilds;
import io.farandole.audit.rebuild.Replaying;
import io.farandole.audit.seal.SealSettings;
import io.farandole.audit.seal.Sealer;
import io.farandole.audit.timeline.ProcessHistories;
import io.farandole.audit.timeline.Timelines;
import io.farandole.eventstore.Journal;
import io.farandole.eventstore.JournalEventStorageEngine;
import io.farandole.eventstore.JournalMessages;
import io.farandole.eventstore.JournalPage;
import io.farandole.eventstore.JournalRow;
import io.farandole.eventstore.JournalSettings;
import io.farandole.eventstore.RegistrySerializer;
import io.farandole.verifier.Progress;
import io.farandole.verifier.Range;
import io.farandole.verifier.Report;
import io.farandole.verifier.VerificationPlan;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.axonframework.config.Configuration;
import org.axonframework.config.Configurer;
import org.axonframework.config.DefaultConfigurer;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.serialization.upcasting.event.NoOpEventUpcaster;
import org.postgresql.PGConnection;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * Reads a {@link LongHistory} in every way that there is, in a Java machine of its own, whose memory is bounded: prints a line {@code
 * FIGURE <name> <value>} for each measurement. Ends with an exception where something was not read or written as it should be.
 */
public final class ReplayProgram {

    /** The variable with {@link HistoryAddress#toVariable()}. */
    static final String HISTORY = "BENCH_HISTORY";

    /** One JDBC page, and one of the journal's. */
    private static final int PAGE = 1_000;

    private static final int TIMELINES = 300;
    private static final long SEED = 20261122;
    private static final Duration PATIENCE = Duration.ofHours(2);

    private final HistoryAddress address;
    private final HikariDataSource pool;
    private final Journal journal;
    private final RegistrySerializer serializer = RegistrySerializer.of(Sales.TYPES);
    private final JdbcTemplate asAdmin;
    private boolean told = true;

    /**
     * Where the history is.
     *
     * @param url of the database
     * @param user the runtime role
     * @param admin a superuser, for COPY into a table beside the journal
     * @param events how many the journal holds
     */
    record HistoryAddress(String url, String user, String password, String admin, String adminPassword, int events) {

        private static final String SEPARATOR = "\n";

        static HistoryAddress of(LongHistory history) {
            var database = history.journal().database();
            return new HistoryAddress(
                    database.url(),
                    database.appUser(),
                    database.appPassword(),
                    database.adminUser(),
                    database.adminPassword(),
                    history.events());
        }

        /** For an environment, which other users of the machine cannot read, as they could arguments. */
        String toVariable() {
            return String.join(SEPARATOR, url, user, password, admin, adminPassword, Integer.toString(events));
        }

        static HistoryAddress parse(String variable) {
            String[] parts = variable.split(SEPARATOR, -1);
            return new HistoryAddress(parts[0], parts[1], parts[2], parts[3], parts[4], Integer.parseInt(parts[5]));
        }

        Connection asAdmin() throws Exception {
            return DriverManager.getConnection(url, admin, adminPassword);
        }
    }

    private ReplayProgram(HistoryAddress address) {
        this.address = address;
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(address.url());
        config.setUsername(address.user());
        config.setPassword(address.password());
        config.setMaximumPoolSize(8);
        config.addDataSourceProperty("currentSchema", "app,public");
        this.pool = new HikariDataSource(config);
        this.journal = new Journal(pool, JournalSettings.of("bench"));
        this.asAdmin =
                new JdbcTemplate(new DriverManagerDataSource(address.url(), address.admin(), address.adminPassword()));
    }

    /** Measures as many rounds as the first argument says, warmed up if the second one says so; {@value #HISTORY} says where. */
    public static void main(String[] arguments) throws Exception {
        ReplayProgram program = new ReplayProgram(HistoryAddress.parse(System.getenv(HISTORY)));
        program.run(Integer.parseInt(arguments[0]), Boolean.parseBoolean(arguments[1]));
        System.exit(0);
    }

    private void run(int rounds, boolean warmUp) throws Exception {
        seal();
        if (warmUp) {
            // So that the first round's baseline is not the only one that meets cold code.
            told = false;
            cursor();
            replay();
            told = true;
        }
        Path copy = Files.createTempFile("farandole-bench", ".copy");
        try {
            copyOut(copy);
            for (int round = 0; round < rounds; round++) {
                cursor();
                replay();
                copyIn(copy);
                rebuild(1);
                rebuild(2);
                verify();
                timelines();
            }
        } finally {
            Files.delete(copy);
        }
    }

    private void seal() throws Exception {
        try (Sealer sealer = new Sealer(journal, pool, SealSettings.DEFAULT, null)) {
            long began = System.nanoTime();
            sealer.seal();
            tellRate("sealing", began);
        }
    }

    /** The baseline: every column of every row, with a cursor, by nobody's framework. */
    private void cursor() throws Exception {
        long began = System.nanoTime();
        long characters = 0;
        long rows = 0;
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            try (Statement statement = connection.createStatement()) {
                statement.setFetchSize(PAGE);
                try (ResultSet result = statement.executeQuery(
                        "select position, own, event_id, source, aggregate_type, aggregate_id, sequence, payload_type,"
                                + " payload_version, payload, metadata, process_key, correlation_id, causation_id, traceparent,"
                                + " wire_type, wire_payload, source_sequence, key_id, occurred_at"
                                + " from farandole.journal order by position")) {
                    while (result.next()) {
                        characters += read(result);
                        rows++;
                    }
                }
            }
            connection.rollback();
        }
        expect("rows by a cursor", address.events(), rows);
        if (characters < rows) {
            throw new IllegalStateException("The cursor has read nothing");
        }
        tellRate("cursor", began);
    }

    private static long read(ResultSet result) throws Exception {
        long characters = result.getLong(1) + (result.getBoolean(2) ? 1 : 0) + result.getLong(7) + result.getInt(9);
        for (int column : new int[] {3, 4, 5, 6, 8, 10, 11, 12, 13, 14, 15, 16, 17, 19}) {
            String value = result.getString(column);
            characters += value == null ? 0 : value.length();
        }
        return characters
                + result.getLong(18)
                + result.getObject(20, OffsetDateTime.class).getNano();
    }

    /** Every event as a handler is given it: upcast, its payload an object where its type is known. */
    private void replay() {
        JournalMessages messages = new JournalMessages(serializer, NoOpEventUpcaster.INSTANCE);
        long began = System.nanoTime();
        long known = 0;
        long rows = 0;
        long position = 0;
        for (JournalPage page = journal.read(position, PAGE);
                !page.rows().isEmpty();
                page = journal.read(position, PAGE)) {
            for (JournalRow row : page.rows()) {
                for (TrackedEventMessage<?> message : messages.of(row)) {
                    known += message.getPayload() instanceof Sales.Event ? 1 : 0;
                }
                rows++;
            }
            position = page.upTo();
        }
        expect("rows by a replay", address.events(), rows);
        expect("events of known types", address.events(), known);
        tellRate("replay", began);
    }

    private void copyOut(Path file) throws Exception {
        try (Connection connection = address.asAdmin();
                OutputStream out = Files.newOutputStream(file)) {
            connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyOut("copy (select * from farandole.journal order by position) to stdout", out);
        }
    }

    /** The other baseline: the same rows into an empty table with the journal's columns and a primary key. */
    private void copyIn(Path file) throws Exception {
        try (Connection connection = address.asAdmin();
                Statement statement = connection.createStatement();
                InputStream in = Files.newInputStream(file)) {
            statement.execute("drop table if exists public.copied;"
                    + " create table public.copied (like farandole.journal, primary key (position)); checkpoint");
            long began = System.nanoTime();
            long rows = connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn("copy public.copied from stdin", in, 1 << 16);
            expect("rows by COPY", address.events(), rows);
            tellRate("copy", began);
            statement.execute("drop table public.copied");
        }
    }

    /** From the request until the rows are in the live table, which was empty. */
    private void rebuild(int threads) {
        asAdmin.execute("truncate app.sale; checkpoint");
        JournalEventStorageEngine engine = JournalEventStorageEngine.builder()
                .journal(journal)
                .serializer(serializer)
                .build();
        Configurer configurer = DefaultConfigurer.defaultConfiguration(false)
                .configureSerializer(c -> serializer)
                .configureEventSerializer(c -> serializer)
                .configureMessageSerializer(c -> serializer)
                .configureEmbeddedEventStore(c -> engine);
        Sales sales = new Sales(new JdbcTemplate(pool));
        configurer
                .eventProcessing()
                .usingSubscribingEventProcessors()
                .registerEventHandler(c -> sales)
                .byDefaultAssignTo(Sales.GROUP);
        Configuration configuration = configurer.buildConfiguration();
        configuration.start();
        Replaying.gate(configuration.eventBus(), configuration.commandBus());
        try (Rebuilds rebuilds = new Rebuilds(
                pool,
                new DataSourceTransactionManager(pool),
                engine,
                Sales.TYPES,
                List.of(new ReadModel(Sales.GROUP, List.of(ReadModel.Table.ofProcesses("sale", "order_id")))),
                group -> configuration.eventProcessingConfiguration().eventProcessor(group),
                RebuildSettings.DEFAULT,
                "bench")) {
            rebuilds.start();
            long began = System.nanoTime();
            Rebuild rebuild = rebuilds.start(
                    new RebuildRequest(Sales.GROUP, Purpose.REBUILD, Limit.NONE, threads, "bench", "measured"));
            while (!rebuild.state().isEnded()) {
                if (System.nanoTime() - began > PATIENCE.toNanos()) {
                    throw new IllegalStateException("The rebuild does not end: " + rebuild);
                }
                LockSupport.parkNanos(20_000_000);
                rebuild = rebuilds.find(rebuild.id()).orElseThrow();
            }
            if (rebuild.state() != Rebuild.State.DONE) {
                throw new IllegalStateException("The rebuild failed: " + rebuild.sentence());
            }
            tellRate("rebuild " + threads, began);
        } finally {
            configuration.shutdown();
        }
        long orders = address.events() / LongHistory.EVENTS_OF_AN_ORDER;
        expect("rows of the read model", orders, number("select count(*) from app.sale where state = 'FULFILLED'"));
        expect("their sum", orders * (orders + 1) / 2, number("select sum(total) from app.sale"));
    }

    private long number(String query) {
        Long number = new JdbcTemplate(pool).queryForObject(query, Long.class);
        return number == null ? 0 : number;
    }

    private void verify() throws Exception {
        VerificationPlan plan = new VerificationPlan(
                address.url(), address.user(), address.password(), null, List.of(), null, Range.ALL, null, null);
        long began = System.nanoTime();
        Report report = plan.run(Progress.NONE);
        if (!report.intact()) {
            throw new IllegalStateException("The journal is not as it was sealed: " + report);
        }
        expect("rows verified", address.events(), report.rows());
        tellRate("verification", began);
    }

    /** One order after the other, anywhere in the journal. */
    private void timelines() {
        ProcessHistories histories = new ProcessHistories("bench", pool, serializer.codec());
        Random random = new Random(SEED);
        int orders = address.events() / LongHistory.EVENTS_OF_AN_ORDER;
        for (int i = 0; i < TIMELINES; i++) {
            String key = "order-" + (1 + random.nextInt(orders));
            long began = System.nanoTime();
            int entries = Timelines.merge(key, List.of(histories.of(key)), List.of(), List.of())
                    .events()
                    .size();
            tell("timeline", (System.nanoTime() - began) / 1e6);
            expect("events of " + key, LongHistory.EVENTS_OF_AN_ORDER, entries);
        }
    }

    private void tellRate(String name, long began) {
        tell(name, address.events() / ((System.nanoTime() - began) / 1e9));
    }

    private void tell(String name, double value) {
        if (!told) {
            return;
        }
        System.out.printf(Locale.ROOT, "FIGURE\t%s\t%.3f%n", name, value);
        System.out.flush();
    }

    private static void expect(String what, long expected, long found) {
        if (expected != found) {
            throw new IllegalStateException(what + ": " + found + " instead of " + expected);
        }
    }
}
