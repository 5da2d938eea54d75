package io.farandole.testservers;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * A faulty network between a client and a RabbitMQ broker that reads AMQP 0-9-1 frames, so that a fault hits a chosen method and not a
 * chosen byte. Each fault hits once, on whichever connection its method comes next. What goes by otherwise is handed on frame by frame. Without TLS. Thread-safe.
 */
public final class AmqpProxy implements AutoCloseable {

    /** What faults can hit, each with its content where it has one. */
    public enum Method {
        /** A client publishes. */
        PUBLISH,
        /** The broker confirms a publication, or several. */
        CONFIRM,
        /** The broker delivers. */
        DELIVERY,
        /** A client acknowledges a delivery, or several. */
        ACKNOWLEDGEMENT
    }

    private record Planned(long number, AmqpConversation.Fate fate) {}

    private final TcpProxy network;
    private final Map<Method, Long> seen = new EnumMap<>(Method.class);
    private final Map<Method, List<Planned>> planned = new EnumMap<>(Method.class);
    private long struck;

    private AmqpProxy(String host, int port) {
        network = TcpProxy.to(host, port, () -> new AmqpConversation(this::fate));
    }

    /** Forwards to this broker, which need not run yet. */
    public static AmqpProxy to(RabbitServer server) {
        return to(server.host(), server.port());
    }

    /** Forwards to this broker, which need not run yet. */
    public static AmqpProxy to(String host, int port) {
        return new AmqpProxy(host, port);
    }

    /** Where clients connect to. */
    public String host() {
        return network.host();
    }

    /** Where clients connect to. */
    public int port() {
        return network.port();
    }

    /** The same connections as bytes: to cut, pause or delay them. */
    public TcpProxy network() {
        return network;
    }

    /** Swallows the next one: who sent it believes that it has arrived, and the connection goes on. */
    public void swallow(Method method) {
        swallow(method, 0);
    }

    /** Swallows one, after so many further ones have gone by. */
    public void swallow(Method method, long after) {
        plan(method, after, AmqpConversation.Fate.SWALLOWED);
    }

    /**
     * Resets the connection instead of handing on the next one. For {@link Method#CONFIRM}: the broker has what was published, and the
     * publisher does not know. For {@link Method#ACKNOWLEDGEMENT}: the consumer is done with the delivery, and the broker does not
     * know.
     */
    public void cutInsteadOf(Method method) {
        cutInsteadOf(method, 0);
    }

    /** Resets the connection instead of handing one on, after so many further ones have gone by. */
    public void cutInsteadOf(Method method, long after) {
        plan(method, after, AmqpConversation.Fate.CUT_INSTEAD);
    }

    /** How many of this kind have come by so far, those that were hit included. */
    public synchronized long seen(Method method) {
        return seen.getOrDefault(method, 0L);
    }

    /** How many faults have hit so far. */
    public synchronized long struck() {
        return struck;
    }

    private synchronized void plan(Method method, long after, AmqpConversation.Fate fate) {
        planned.computeIfAbsent(method, unused -> new ArrayList<>()).add(new Planned(seen(method) + after + 1, fate));
    }

    /** Counts one, and tells what becomes of it. */
    private synchronized AmqpConversation.Fate fate(Method method) {
        long number = seen.merge(method, 1L, Long::sum);
        List<Planned> faults = planned.getOrDefault(method, List.of());
        for (Planned fault : faults) {
            if (fault.number() <= number) {
                faults.remove(fault);
                struck++;
                return fault.fate();
            }
        }
        return AmqpConversation.Fate.HANDED_ON;
    }

    /** Stops listening and cuts all connections. */
    @Override
    public void close() {
        network.close();
    }
}
