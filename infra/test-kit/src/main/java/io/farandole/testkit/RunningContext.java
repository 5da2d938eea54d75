package io.farandole.testkit;

import io.farandole.audit.rebuild.Difference;
import io.farandole.audit.rebuild.Limit;
import io.farandole.audit.rebuild.Rebuild;
import io.farandole.audit.rebuild.Rebuild.State;
import io.farandole.audit.rebuild.RebuildRequest;
import io.farandole.audit.rebuild.RebuildRequest.Purpose;
import io.farandole.audit.rebuild.Rebuilds;
import io.farandole.testservers.Patience;
import io.farandole.testservers.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

/** A context that runs in this JVM, on a database of its own. Thread-safe. */
public final class RunningContext {

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);

    private final String name;
    private final ConfigurableApplicationContext spring;
    private final TestDatabase database;
    private final JdbcTemplate jdbc;

    RunningContext(String name, ConfigurableApplicationContext spring, TestDatabase database) {
        this.name = name;
        this.spring = spring;
        this.database = database;
        this.jdbc = new JdbcTemplate(database.appDataSource());
    }

    /** The context's name. */
    public String name() {
        return name;
    }

    /** One of its beans. */
    public <T> T bean(Class<T> type) {
        return spring.getBean(type);
    }

    /** Its HTTP port; 0 if it has no web server. */
    public int port() {
        String port = spring.getEnvironment().getProperty("local.server.port");
        return port == null ? 0 : Integer.parseInt(port);
    }

    /** Its database. */
    public TestDatabase database() {
        return database;
    }

    /**
     * Sends a command and waits for its result.
     *
     * @return what the handler returned, null if it returned nothing
     * @throws RuntimeException what the handler threw
     */
    public @Nullable Object send(Object command) {
        return spring.getBean(CommandGateway.class).sendAndWait(command);
    }

    /** The whole journal, in order of position. */
    public List<JournalLine> journal() {
        return jdbc.query(
                "select position, own, source, payload_type, wire_type, process_key, coalesce(wire_payload, payload)"
                        + " from farandole.journal order by position",
                (row, number) -> new JournalLine(
                        row.getLong(1),
                        row.getBoolean(2),
                        row.getString(3),
                        row.getString(4),
                        row.getString(5),
                        row.getString(6),
                        row.getString(7)));
    }

    /** What the journal holds about one process, in order. */
    public List<JournalLine> journalOf(String processKey) {
        return journal().stream()
                .filter(line -> line.processKey().equals(processKey))
                .toList();
    }

    /**
     * Waits until the context has published an event of a process.
     *
     * @throws org.awaitility.core.ConditionTimeoutException after {@link Patience#UNTIL_HUNG}
     */
    public JournalLine awaitPublished(String wireType, String processKey) {
        return await(
                "publishes " + wireType + " for " + processKey,
                line -> line.own()
                        && wireType.equals(line.wireType())
                        && line.processKey().equals(processKey));
    }

    /**
     * Waits until the context has received an event of a process.
     *
     * @throws org.awaitility.core.ConditionTimeoutException after {@link Patience#UNTIL_HUNG}
     */
    public JournalLine awaitReceived(String wireType, String processKey) {
        return await(
                "receives " + wireType + " for " + processKey,
                line -> !line.own()
                        && wireType.equals(line.wireType())
                        && line.processKey().equals(processKey));
    }

    private JournalLine await(String what, Predicate<JournalLine> wanted) {
        return Patience.await(name + " " + what)
                .pollInterval(BETWEEN_LOOKS)
                .until(() -> journal().stream().filter(wanted).findFirst(), Optional::isPresent)
                .orElseThrow();
    }

    /**
     * Compares a read model with what the journal makes of it, as an operator does.
     *
     * @param readModel the processing group of its handlers
     * @return how they differ; {@link Difference#isNone()} if they agree
     * @throws io.farandole.audit.rebuild.RefusedException if it cannot be compared
     * @throws AssertionError if the comparison failed; it says why
     */
    public Difference compare(String readModel) {
        return replay(readModel, Purpose.COMPARE);
    }

    /**
     * Makes a read model again from the journal.
     *
     * @param readModel the processing group of its handlers
     * @return what was wrong
     * @throws io.farandole.audit.rebuild.RefusedException if it cannot be rebuilt
     * @throws AssertionError if the rebuild failed; it says why
     */
    public Difference rebuild(String readModel) {
        return replay(readModel, Purpose.REBUILD);
    }

    private Difference replay(String readModel, Purpose purpose) {
        Rebuilds rebuilds = bean(Rebuilds.class);
        Rebuild started = rebuilds.start(new RebuildRequest(readModel, purpose, Limit.NONE, 1, "test", "test"));
        Rebuild ended = Patience.await(purpose + " of " + readModel + " in " + name)
                .pollInterval(BETWEEN_LOOKS)
                .until(() -> rebuilds.find(started.id()).orElseThrow(), found -> found.state()
                        .isEnded());
        Difference difference = ended.difference();
        if (ended.state() != State.DONE || difference == null) {
            throw new AssertionError(ended.sentence());
        }
        return difference;
    }

    /** Its database stays. */
    void stop() {
        spring.close();
    }

    void close() {
        stop();
        database.close();
    }
}
