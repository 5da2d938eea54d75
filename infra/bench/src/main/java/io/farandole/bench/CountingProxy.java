package io.farandole.bench;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands before a PostgreSQL server and counts how often clients wait for it: each {@code Sync} and each simple {@code Query}
 * of the wire protocol (version 3) is one round trip, however many statements travel with it. Not so {@code BEGIN}: the driver sends it
 * along with the transaction's first statement, and waits for both at once. Without TLS. Thread-safe; closing cuts every connection.
 */
final class CountingProxy implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CountingProxy.class);
    private static final int TLS_REQUEST = 80877103;
    private static final int GSS_REQUEST = 80877104;

    private final String host;
    private final int port;
    private final ServerSocket listener;
    private final LongAdder roundTrips = new LongAdder();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    private CountingProxy(String host, int port) throws IOException {
        this.host = host;
        this.port = port;
        this.listener = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        daemon("counting-proxy", this::acceptAll);
    }

    /** Opens a proxy to this server. */
    static CountingProxy to(String host, int port) {
        try {
            return new CountingProxy(host, port);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return listener.getLocalPort();
    }

    /** Round trips so far, of all connections. */
    long roundTrips() {
        return roundTrips.sum();
    }

    private static void daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void acceptAll() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                daemon("counting-proxy-connection", () -> forward(client));
            } catch (IOException e) {
                if (!listener.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private void forward(Socket client) {
        open.add(client);
        try (client;
                Socket server = new Socket(host, port)) {
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            daemon("counting-proxy-answers", () -> answer(server, client));
            ask(new DataInputStream(new BufferedInputStream(client.getInputStream(), 1 << 16)), server);
        } catch (EOFException | SocketException e) {
            LOG.debug("A connection has ended: {}", e.toString());
        } catch (IOException e) {
            LOG.warn("A connection has failed", e);
        } finally {
            open.remove(client);
        }
    }

    /** Resets every connection that is open now (its client is sent RST), and goes on accepting new ones; how many those were. */
    int reset() {
        int count = 0;
        for (Socket client : open) {
            try {
                client.setSoLinger(true, 0);
                client.close();
                count++;
            } catch (IOException e) {
                LOG.debug("A connection had ended before it was reset: {}", e.toString());
            }
        }
        return count;
    }

    private static void answer(Socket server, Socket client) {
        try (server;
                client) {
            server.getInputStream().transferTo(client.getOutputStream());
        } catch (IOException e) {
            LOG.debug("A connection has ended: {}", e.toString());
        }
    }

    /** Message by message; what is read together is written together. */
    private void ask(DataInputStream in, Socket server) throws IOException {
        OutputStream out = new BufferedOutputStream(server.getOutputStream(), 1 << 16);
        boolean started = false;
        while (!started) {
            int length = in.readInt();
            byte[] rest = in.readNBytes(length - 4);
            int code = rest.length < 4 ? 0 : number(rest);
            writeNumber(out, length);
            out.write(rest);
            out.flush();
            started = code != TLS_REQUEST && code != GSS_REQUEST;
        }
        while (true) {
            int type = in.read();
            if (type < 0) {
                return;
            }
            int length = in.readInt();
            byte[] rest = in.readNBytes(length - 4);
            out.write(type);
            writeNumber(out, length);
            out.write(rest);
            if (type == 'S' || (type == 'Q' && !isBegin(rest))) {
                roundTrips.increment();
            }
            if (in.available() == 0) {
                out.flush();
            }
        }
    }

    private static boolean isBegin(byte[] query) {
        return new String(query, StandardCharsets.UTF_8).startsWith("BEGIN");
    }

    private static int number(byte[] bytes) {
        return (bytes[0] & 0xff) << 24 | (bytes[1] & 0xff) << 16 | (bytes[2] & 0xff) << 8 | (bytes[3] & 0xff);
    }

    private static void writeNumber(OutputStream out, int number) throws IOException {
        out.write(number >>> 24);
        out.write(number >>> 16);
        out.write(number >>> 8);
        out.write(number);
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
