package io.farandole.bench;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.farandole.eventstore.JournalEntry;
import io.farandole.messaging.Envelope;
import io.farandole.messaging.EventType;
import io.farandole.rabbitmq.EnvelopeCodec;
import io.farandole.testservers.TestDatabase;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What it takes at least: insert and commit with plain JDBC, then publish the same bytes with the plain client and wait for the
 * confirm. Nothing is published again after a crash. So many at a time, each with a database connection and a channel of its own.
 */
final class PlainPublishing implements Publishing, AutoCloseable {

    private static final long CONFIRM_MILLIS = 10_000;

    private final Connection broker;
    private final EventType type;
    private final int payloadBytes;
    private final Rows rows;
    private final EnvelopeCodec codec = new EnvelopeCodec();
    private final List<Lane> all = new ArrayList<>();
    private final BlockingQueue<Lane> free;
    private long sent;

    private record Lane(RawRows rows, Channel channel) {}

    PlainPublishing(
            TestDatabase database, ConnectionFactory factory, EventType type, int payloadBytes, int lanes, Rows rows)
            throws IOException, SQLException, TimeoutException {
        this.type = type;
        this.payloadBytes = payloadBytes;
        this.rows = rows;
        broker = factory.newConnection("plain-publishing");
        free = new ArrayBlockingQueue<>(lanes);
        for (int i = 0; i < lanes; i++) {
            Channel channel = broker.createChannel();
            channel.confirmSelect();
            all.add(new Lane(new RawRows(database), channel));
        }
        free.addAll(all);
    }

    @Override
    public String name() {
        return "plain";
    }

    @Override
    public Sent send() throws Exception {
        JournalEntry entry;
        long number;
        synchronized (this) {
            entry = rows.next(type, payloadBytes);
            number = ++sent;
        }
        Lane lane = free.poll(CONFIRM_MILLIS, TimeUnit.MILLISECONDS);
        if (lane == null) {
            throw new IllegalStateException("No connection was free for " + CONFIRM_MILLIS + " ms");
        }
        try {
            lane.rows().insert(type, List.of(entry), true);
            long committed = System.nanoTime();
            EnvelopeCodec.Message message = codec.encode(envelope(entry, number));
            lane.channel()
                    .basicPublish(
                            Rows.CONTEXT + ".events", message.routingKey(), true, message.properties(), message.body());
            lane.channel().waitForConfirmsOrDie(CONFIRM_MILLIS);
            long confirmed = System.nanoTime();
            return new Sent(committed, () -> confirmed);
        } finally {
            free.add(lane);
        }
    }

    private static Envelope envelope(JournalEntry entry, long number) {
        return new Envelope(
                entry.eventId(),
                Rows.CONTEXT,
                entry.type(),
                entry.aggregateId(),
                entry.occurredAt(),
                entry.processKey(),
                number,
                entry.correlationId(),
                null,
                null,
                null,
                entry.payload());
    }

    /** Events that were committed and confirmed, once every {@link #send} has returned. */
    synchronized long sent() {
        return sent;
    }

    @Override
    public void close() throws SQLException {
        broker.abort(1_000);
        for (Lane lane : all) {
            lane.rows().close();
        }
    }
}
