package io.farandole.bench;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import io.farandole.eventstore.JournalEntry;
import io.farandole.eventstore.JournalInbox;
import io.farandole.eventstore.JournalOutbox;
import io.farandole.messaging.EventType;
import io.farandole.messaging.Followers;
import io.farandole.rabbitmq.Broker;
import io.farandole.rabbitmq.Listener;
import io.farandole.rabbitmq.RabbitMetrics;
import io.farandole.rabbitmq.Relay;
import io.farandole.rabbitmq.TopologySpec;
import io.farandole.testservers.PrivatePostgres;
import io.farandole.testservers.TestBroker;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * A journal, a relay, as many partitions as are asked for, a listener for each, and the journal that they all append to. Each
 * journal has a PostgreSQL server of its own, so that each one's log can be told. Closing ends everything. Used by one thread.
 *
 * <p>Partitions are queues behind a consistent-hash exchange over the process key, with an inbox and a listener each; which type is
 * appended decides over how many of them its events are spread.
 */
final class PayloadRig implements AutoCloseable {

    private static final String SOURCE_QUERY = "own and wire_type = '%s' and position > %d";
    private static final String SINK_QUERY = "not own and wire_type = '%s' and position > %d";

    /** Everything that must be the same in both journals, as one text. */
    private static final String DIGEST =
            "select count(*) || ' events, ' || coalesce(md5(string_agg(event_id || ' ' || process_key || ' ' || md5(payload), ','"
                    + " order by event_id)), '') from farandole.journal where ";

    private static final String OUT_OF_ORDER =
            "select count(*) from (select source_sequence <= lag(source_sequence) over (partition by process_key order by"
                    + " position) as late from farandole.journal where %s) rows where late";

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final long LOOK_NANOS = 200_000;

    private final Deque<AutoCloseable> toClose = new ArrayDeque<>();
    private final Map<String, LongAdder> appended = new ConcurrentHashMap<>();
    private final List<Integer> partitions;
    private BenchJournal source;
    private BenchJournal sink;
    private RawRows rawSource;
    private RawRows rawSink;
    private TestBroker vhost;

    @SuppressWarnings("NullAway.Init") // open() fills the fields or throws
    private PayloadRig(List<Integer> partitions) {
        this.partitions = partitions;
    }

    /**
     * One journey, or one plain insert, of events.
     *
     * @param nanos from the first append until the last event is durable in the other journal
     * @param sourceWalBytes log of the server that appends
     * @param sinkWalBytes log of the server that receives
     */
    record Journey(long nanos, long sourceWalBytes, long sinkWalBytes) {}

    /** Starts everything for each of these numbers of partitions. */
    static PayloadRig open(List<Integer> partitions, Settings settings) throws Exception {
        PayloadRig rig = new PayloadRig(partitions);
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

    /** The type whose events are spread over so many partitions. */
    static EventType type(int partitions) {
        return new EventType("bench.over-" + partitions, 1);
    }

    private void start(Settings settings) throws Exception {
        PrivatePostgres first = keep(PrivatePostgres.start());
        PrivatePostgres second = keep(PrivatePostgres.start());
        vhost = keep(VirtualHost.open(settings)).broker();
        source = keep(BenchJournal.create(first.server(), Rows.CONTEXT));
        sink = keep(BenchJournal.create(second.server(), "sink"));
        RawRows.createTable(source.database());
        RawRows.createTable(sink.database());
        rawSource = keep(new RawRows(source.database()));
        rawSink = keep(new RawRows(sink.database()));
        TestBroker.ContextUser producer = vhost.provideContext(Rows.CONTEXT, List.of());
        Followers.Builder builder = Followers.builder();
        for (int count : partitions) {
            builder.add(type(count), contexts(count));
        }
        Followers followers = builder.build();
        listen(followers);
        Relay relay = Relay.builder(
                        TopologySpec.of(Rows.CONTEXT, followers),
                        Broker.of(vhost.connectionFactory(producer)),
                        new JournalOutbox(source.journal()))
                .build();
        keep(stopping(relay::stop));
        relay.start();
    }

    /** The contexts that a type is spread over, if it is spread over so many. */
    private static List<String> contexts(int count) {
        return IntStream.range(0, count)
                .mapToObj(partition -> "partition-" + partition)
                .toList();
    }

    private void listen(Followers followers) throws IOException, TimeoutException {
        List<TestBroker.ContextUser> users = new ArrayList<>();
        for (String context : contexts(Collections.max(partitions))) {
            users.add(vhost.provideContext(context, List.of()));
        }
        try (Connection connection = vhost.adminConnectionFactory().newConnection("bench-topology")) {
            Channel channel = connection.createChannel();
            for (int count : partitions) {
                String hash = Rows.CONTEXT + ".over-" + count;
                channel.exchangeDeclare(
                        hash, "x-consistent-hash", true, false, Map.of("hash-header", "farandole-process-key"));
                channel.exchangeBind(
                        hash, TopologySpec.exchangeOf(Rows.CONTEXT), type(count).wireType());
                for (String context : contexts(count)) {
                    channel.queueBind(TopologySpec.inboxOf(context), hash, "1");
                }
            }
        }
        for (TestBroker.ContextUser user : users) {
            LongAdder received = appended.computeIfAbsent(user.name(), context -> new LongAdder());
            Listener listener = Listener.builder(
                            TopologySpec.of(user.name(), followers),
                            Broker.of(vhost.connectionFactory(user)),
                            new JournalInbox(sink.journal()))
                    .metrics(new RabbitMetrics() {
                        @Override
                        public void appended(int events, int duplicates) {
                            received.add(events);
                        }
                    })
                    .build();
            keep(stopping(listener::stop));
            listener.start();
        }
    }

    private static AutoCloseable stopping(AutoCloseable stop) {
        return stop;
    }

    private <T extends AutoCloseable> T keep(T closeable) {
        toClose.push(closeable);
        return closeable;
    }

    /**
     * Appends batches, one transaction each, and waits until every event is durable in the other journal.
     *
     * @throws VoidRunException if an event is lost, changed, doubled or out of order
     */
    Journey journey(int overPartitions, List<List<JournalEntry>> batches) throws SQLException {
        long events = batches.stream().mapToLong(List::size).sum();
        long sourcePosition = newest(source);
        long sinkPosition = newest(sink);
        Map<String, Long> before = received();
        long expected = sum(before) + events;
        long sourceWal = source.walBytes();
        long sinkWal = sink.walBytes();
        long start = System.nanoTime();
        for (List<JournalEntry> batch : batches) {
            source.journal().appendOwn(batch);
        }
        while (sum(received()) < expected) {
            if (System.nanoTime() - start > PATIENCE.toNanos()) {
                throw new VoidRunException(
                        overPartitions + " partitions",
                        List.of((expected - sum(received())) + " of " + events + " events have not arrived"));
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
        Journey journey =
                new Journey(System.nanoTime() - start, source.walBytes() - sourceWal, sink.walBytes() - sinkWal);
        check(type(overPartitions), sourcePosition, sinkPosition);
        checkSpread(contexts(overPartitions), before);
        return journey;
    }

    private Map<String, Long> received() {
        Map<String, Long> received = new HashMap<>();
        appended.forEach((context, events) -> received.put(context, events.sum()));
        return received;
    }

    private static long sum(Map<String, Long> received) {
        return received.values().stream().mapToLong(Long::longValue).sum();
    }

    /** A partition that got nothing would make the number of partitions a lie. */
    private void checkSpread(List<String> used, Map<String, Long> before) {
        Map<String, Long> now = received();
        List<String> idle = used.stream()
                .filter(context -> now.getOrDefault(context, 0L).equals(before.getOrDefault(context, 0L)))
                .toList();
        VoidRunException.ifAny(
                used.size() + " partitions",
                idle.stream().map(context -> context + " received nothing").toList());
    }

    private static long newest(BenchJournal journal) throws SQLException {
        return journal.number("select coalesce(max(position), 0) from farandole.journal");
    }

    private void check(EventType type, long sourcePosition, long sinkPosition) throws SQLException {
        String here = SOURCE_QUERY.formatted(type.wireType(), sourcePosition);
        String there = SINK_QUERY.formatted(type.wireType(), sinkPosition);
        List<String> faults = new ArrayList<>();
        String sent = source.text(DIGEST + here);
        String received = sink.text(DIGEST + there);
        if (!sent.equals(received)) {
            faults.add("the journals differ: " + sent + " were appended, " + received + " are in the other");
        }
        long late = sink.number(OUT_OF_ORDER.formatted(there));
        if (late > 0) {
            faults.add(late + " events were received after a later one of their process");
        }
        VoidRunException.ifAny("events of " + type, faults);
    }

    /** What it takes at least: the same batches inserted into two tables of the same form, a transaction each, no broker between. */
    Journey plainInserts(EventType type, List<List<JournalEntry>> batches) throws SQLException {
        long sourceWal = source.walBytes();
        long sinkWal = sink.walBytes();
        long start = System.nanoTime();
        for (List<JournalEntry> batch : batches) {
            rawSource.insert(type, batch, true);
            rawSink.insert(type, batch, false);
        }
        return new Journey(System.nanoTime() - start, source.walBytes() - sourceWal, sink.walBytes() - sinkWal);
    }

    @Override
    public void close() {
        RuntimeException failure = null;
        while (!toClose.isEmpty()) {
            try {
                toClose.pop().close();
            } catch (Exception e) {
                failure = new IllegalStateException("Not everything of the payload benchmark could be ended", e);
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
