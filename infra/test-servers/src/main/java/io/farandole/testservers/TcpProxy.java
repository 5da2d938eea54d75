package io.farandole.testservers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * A faulty network between a client and a server: forwards TCP connections from a port of its own on 127.0.0.1, and on
 * demand delays, freezes, swallows or cuts them, each direction by itself. Works on bytes and knows no protocol; {@link AmqpProxy}
 * and {@link PostgresProxy} do. Faults concern open connections and new ones, until {@link #heal()}. Thread-safe; {@link #close()} cuts everything.
 */
public final class TcpProxy implements AutoCloseable {

    /** Which way the bytes go. */
    public enum Direction {
        /** From the client to the server: requests, publications. */
        TO_SERVER,
        /** From the server to the client: answers, confirms, deliveries. */
        TO_CLIENT
    }

    private static final int CONNECT_MILLIS = 5_000;

    private final InetSocketAddress target;
    private final ServerSocket listener;
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private final Map<Direction, Wire> wires = new EnumMap<>(Direction.class);
    private final Supplier<Conversation> conversations;
    private volatile boolean refusing;

    private TcpProxy(String host, int port, Supplier<Conversation> conversations) throws IOException {
        this.conversations = conversations;
        target = new InetSocketAddress(host, port);
        listener = new ServerSocket();
        listener.setReuseAddress(true);
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 200);
        for (Direction direction : Direction.values()) {
            wires.put(direction, new Wire());
        }
        Threads.start("tcp-proxy-" + port(), this::acceptAll);
    }

    /** Forwards to this server, which need not run yet. */
    public static TcpProxy to(String host, int port) {
        return to(host, port, () -> Conversation.NONE);
    }

    /** Forwards to this server, with a conversation for each connection that decides what is handed on. */
    static TcpProxy to(String host, int port, Supplier<Conversation> conversations) {
        try {
            return new TcpProxy(host, port, conversations);
        } catch (IOException failed) {
            throw new UncheckedIOException("Cannot open a proxy to " + host + ":" + port, failed);
        }
    }

    /** Where clients connect to. */
    public String host() {
        return "127.0.0.1";
    }

    /** Where clients connect to. */
    public int port() {
        return listener.getLocalPort();
    }

    /** The number of connections that are open. */
    public int openConnections() {
        return connections.size();
    }

    /** Bytes that have been handed on in this direction since the proxy was opened. */
    public long forwarded(Direction direction) {
        return wire(direction).forwarded();
    }

    /** Stops forwarding both ways: bytes wait, in the end the sender does, and nobody notices a loss. */
    public void pause() {
        for (Direction direction : Direction.values()) {
            pause(direction);
        }
    }

    /** Stops forwarding one way. */
    public void pause(Direction direction) {
        wire(direction).pause(true);
    }

    /** Goes on forwarding; what waited is delivered first. */
    public void resume() {
        for (Direction direction : Direction.values()) {
            wire(direction).pause(false);
        }
    }

    /** Every byte of this direction arrives later by this much; zero ends it. Order is kept. */
    public void delay(Direction direction, Duration delay) {
        wire(direction).delay(delay);
    }

    /** Swallows what is sent in this direction: it is gone, also after {@link #heal()}; cut the connections then. */
    public void blackhole(Direction direction) {
        wire(direction).swallow(true);
    }

    /** Resets all open connections on both sides (TCP RST); new ones are accepted. */
    public void cut() {
        new ArrayList<>(connections).forEach(Connection::reset);
    }

    /** Cuts all connections and resets new ones at once, until {@link #heal()}. */
    public void refuse() {
        refusing = true;
        cut();
    }

    /** Cuts all connections as soon as so many more bytes have been handed on in this direction. */
    public void cutAfter(Direction direction, long bytes) {
        wire(direction).callAfter(bytes, this::cut);
    }

    /** Ends all faults. Connections that lost bytes to a black hole stay broken: {@link #cut()} them. */
    public void heal() {
        refusing = false;
        wires.values().forEach(Wire::heal);
    }

    /** Stops listening and cuts all connections. */
    @Override
    public void close() {
        refusing = true;
        try {
            listener.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } finally {
            cut();
        }
    }

    private Wire wire(Direction direction) {
        Wire wire = wires.get(direction);
        if (wire == null) {
            throw new IllegalArgumentException(String.valueOf(direction));
        }
        return wire;
    }

    private void acceptAll() {
        while (!listener.isClosed()) {
            try {
                accept(listener.accept());
            } catch (IOException closedOrRefused) {
                // A closed listener ends the loop; a server that does not answer has been told to the client by a
                // reset.
            }
        }
    }

    private void accept(Socket client) throws IOException {
        if (refusing) {
            reset(client);
            return;
        }
        Socket server = new Socket();
        try {
            server.connect(target, CONNECT_MILLIS);
        } catch (IOException unreachable) {
            reset(client);
            server.close();
            throw unreachable;
        }
        client.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
        Connection connection = new Connection(client, server);
        connections.add(connection);
        connection.start();
        if (refusing) {
            connection.reset();
        }
    }

    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
        } catch (IOException alreadyClosed) {
            // That is what was asked for.
        }
        close(socket);
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException alreadyClosed) {
            // That is what was asked for.
        }
    }

    /** One client's connection and the one to the server on its behalf. */
    private final class Connection {

        private final Socket client;
        private final Socket server;
        private final List<Pump> pumps;
        private final AtomicInteger open = new AtomicInteger(Direction.values().length);

        Connection(Socket client, Socket server) {
            this.client = client;
            this.server = server;
            Conversation said = conversations.get();
            this.pumps = List.of(
                    pump(client, server, Direction.TO_SERVER, said), pump(server, client, Direction.TO_CLIENT, said));
        }

        private Pump pump(Socket from, Socket to, Direction direction, Conversation said) {
            return new Pump(
                    from,
                    to,
                    wire(direction),
                    (bytes, out) -> said.pass(direction, bytes, out),
                    this::reset,
                    this::ended);
        }

        void start() {
            pumps.forEach(pump -> pump.start("tcp-proxy-" + port()));
        }

        /** The one direction has ended in order; the other may go on. */
        private void ended() {
            if (open.decrementAndGet() == 0) {
                connections.remove(this);
                close(client);
                close(server);
                pumps.forEach(Pump::stop);
            }
        }

        void reset() {
            connections.remove(this);
            TcpProxy.reset(client);
            TcpProxy.reset(server);
            pumps.forEach(Pump::stop);
        }
    }
}
