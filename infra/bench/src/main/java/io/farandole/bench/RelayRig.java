package io.farandole.bench;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.farandole.eventstore.JournalEntry;
import io.farandole.eventstore.JournalOutbox;
import io.farandole.messaging.EventType;
import io.farandole.messaging.Followers;
import io.farandole.rabbitmq.Broker;
import io.farandole.rabbitmq.RabbitMetrics;
import io.farandole.rabbitmq.Relay;
import io.farandole.rabbitmq.RelayStatus;
import io.farandole.rabbitmq.TopologySpec;
import io.farandole.testservers.PrivatePostgres;
import io.farandole.testservers.TestBroker;
import java.net.URI;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/**
 * A journal, the framework's relay over it with its defaults, and two quorum queues with the policies of production: one that the
 * relay's events reach, and one for plain publishing. Servers of its own; closing ends everything.
 */
final class RelayRig implements AutoCloseable {

    /** What the relay publishes. */
    static final EventType RELAYED = new EventType("bench.relayed", 1);

    /** What is published without it. */
    static final EventType PLAIN = new EventType("bench.plain", 1);

    private static final String FOLLOWER = "follower";
    private static final String PLAIN_FOLLOWER = "plain-follower";
    private static final int LANES = 8;
    private static final long SEED = 20261121;
    private static final int KEYS = 64;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Deque<AutoCloseable> toClose = new ArrayDeque<>();
    private final LongAdder published = new LongAdder();
    private final LongAdder confirmed = new LongAdder();
    private final int payloadBytes;
    private final Rows rows = new Rows(KEYS, SEED);
    private TestBroker vhost;
    private TestBroker.ContextUser user;
    private BenchJournal journal;
    private Relay relay;
    private ConfirmWatch watch;
    private PlainPublishing plain;
    private long lastPosition;

    @SuppressWarnings("NullAway.Init") // open() fills the fields or throws
    private RelayRig(int payloadBytes) {
        this.payloadBytes = payloadBytes;
    }

    /** Starts everything; events have payloads of so many bytes. */
    static RelayRig open(int payloadBytes, Settings settings) throws Exception {
        RelayRig rig = new RelayRig(payloadBytes);
        boolean open = false;
        try {
            rig.start(settings);
            open = true;
            return rig;
        } finally {
            if (!open) {
                rig.close();
            }
        }
    }

    private void start(Settings settings) throws Exception {
        PrivatePostgres postgres = keep(PrivatePostgres.start());
        vhost = keep(VirtualHost.open(settings)).broker();
        user = vhost.provideContext(Rows.CONTEXT, List.of());
        vhost.provideContext(FOLLOWER, List.of(RELAYED.wireType()));
        vhost.provideContext(PLAIN_FOLLOWER, List.of(PLAIN.wireType()));
        journal = keep(BenchJournal.create(postgres.server(), Rows.CONTEXT));
        RawRows.createTable(journal.database());
        relay = started(journal);
        watch = keep(new ConfirmWatch(relay));
        plain = keep(new PlainPublishing(
                journal.database(), vhost.connectionFactory(user), PLAIN, payloadBytes, LANES, new Rows(KEYS, SEED)));
    }

    private <T extends AutoCloseable> T keep(T closeable) {
        toClose.push(closeable);
        return closeable;
    }

    private Relay started(BenchJournal over) {
        Followers followers =
                Followers.builder().add(RELAYED, List.of(FOLLOWER)).build();
        Relay started = Relay.builder(
                        TopologySpec.of(Rows.CONTEXT, followers),
                        Broker.of(vhost.connectionFactory(user)),
                        new JournalOutbox(over.journal()))
                .metrics(new RabbitMetrics() {
                    @Override
                    public void published(EventType type, boolean followed) {
                        published.increment();
                    }

                    @Override
                    public void confirmed(EventType type, Duration took) {
                        confirmed.increment();
                    }
                })
                .build();
        AutoCloseable stop = started::stop;
        keep(stop);
        started.start();
        long begin = System.nanoTime();
        while (started.status().state() != RelayStatus.State.RELAYING) {
            if (System.nanoTime() - begin > PATIENCE.toNanos()) {
                throw new IllegalStateException("The relay does not start: " + started.status());
            }
            LockSupport.parkNanos(1_000_000);
        }
        return started;
    }

    /** Through journal and relay. */
    Publishing ours() {
        return new Publishing() {
            @Override
            public String name() {
                return "relay";
            }

            @Override
            public Sent send() {
                JournalEntry entry;
                synchronized (rows) {
                    entry = rows.next(RELAYED, payloadBytes);
                }
                long position = journal.journal().appendOwn(List.of(entry));
                long committed = System.nanoTime();
                watch.expect(position);
                synchronized (rows) {
                    lastPosition = Math.max(lastPosition, position);
                }
                return new Sent(committed, () -> watch.confirmed(position));
            }
        };
    }

    /** Plain JDBC and the plain client, one confirm at a time per connection. */
    Publishing plain() {
        return plain;
    }

    /** So many events at a time can be on their way to the commit. */
    int lanes() {
        return LANES;
    }

    /**
     * Round trips to the database of a relay that has nothing to do, per second; a second relay takes over from the first, over a
     * pool of its own whose connections lead through the counting proxy.
     */
    double idleRoundTripsPerSecond(int seconds) throws InterruptedException {
        relay.stop();
        URI address = URI.create(journal.database().url().substring("jdbc:".length()));
        CountingProxy proxy = keep(CountingProxy.to(address.getHost(), address.getPort()));
        String url = "jdbc:postgresql://127.0.0.1:" + proxy.port() + address.getPath();
        BenchJournal counted = keep(new BenchJournal(journal.database(), url, Rows.CONTEXT));
        relay = started(counted);
        pause(3_000);
        long before = proxy.roundTrips();
        long start = System.nanoTime();
        pause(seconds * 1_000L);
        return (proxy.roundTrips() - before) * 1e9 / (System.nanoTime() - start);
    }

    private static void pause(long millis) throws InterruptedException {
        long end = System.nanoTime() + millis * 1_000_000;
        for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
            if (Thread.interrupted()) {
                throw new InterruptedException("Interrupted while idling");
            }
        }
    }

    /** What does not hold at rest; empties both queues. */
    List<String> faults() throws Exception {
        watch.confirmed(lastPosition);
        relay.stop();
        List<Arrivals.Event> appended = appended();
        List<String> faults = new ArrayList<>();
        if (published.sum() != appended.size() || confirmed.sum() != appended.size()) {
            faults.add(appended.size() + " events were appended, " + published.sum() + " published and "
                    + confirmed.sum() + " confirmed");
        }
        faults.addAll(Arrivals.faults(appended, emptied(FOLLOWER, appended.size())));
        long plainly = emptied(PLAIN_FOLLOWER, (int) plain.sent()).size();
        if (plainly != plain.sent()) {
            faults.add(plain.sent() + " events were published plainly, " + plainly + " arrived");
        }
        return faults;
    }

    private List<Arrivals.Event> appended() throws SQLException {
        List<Arrivals.Event> events = new ArrayList<>();
        try (java.sql.Connection connection = journal.database().connectAsAdmin();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(
                        "select event_id, process_key from farandole.journal where own order by position")) {
            while (result.next()) {
                events.add(new Arrivals.Event(result.getString(1), result.getString(2)));
            }
        }
        return events;
    }

    /** Everything that is in an inbox; more than expected where there is more. */
    private List<Arrivals.Event> emptied(String context, int expected) throws Exception {
        List<Arrivals.Event> events = Collections.synchronizedList(new ArrayList<>());
        try (Connection connection = vhost.adminConnectionFactory().newConnection("bench-checker")) {
            Channel channel = connection.createChannel();
            String queue = TopologySpec.inboxOf(context);
            long ready = channel.messageCount(queue);
            channel.basicConsume(
                    queue,
                    true,
                    (tag, delivery) -> events.add(new Arrivals.Event(
                            delivery.getProperties().getMessageId(),
                            String.valueOf(delivery.getProperties().getHeaders().get("farandole-process-key")))),
                    tag -> {});
            long start = System.nanoTime();
            while (events.size() < Math.max(ready, expected) && System.nanoTime() - start < PATIENCE.toNanos()) {
                LockSupport.parkNanos(5_000_000);
            }
        }
        return List.copyOf(events);
    }

    @Override
    public void close() {
        RuntimeException failure = null;
        while (!toClose.isEmpty()) {
            try {
                toClose.pop().close();
            } catch (Exception e) {
                failure = new IllegalStateException("Not everything of the relay's benchmark could be ended", e);
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
