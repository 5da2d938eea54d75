package io.farandole.testservers;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A faulty network between clients and a PostgreSQL server that reads the wire protocol (version 3), so that a fault hits the commit of a
 * chosen transaction. Each fault hits once, on whichever connection such a transaction commits next. What goes by otherwise is handed on
 * message by message. Without TLS: a server that offers it is cut off. Thread-safe.
 */
public final class PostgresProxy implements AutoCloseable {

    /** What happens to a commit. */
    public enum CommitFault {
        /** The transaction has been committed; its answer is lost, and the connection is reset. */
        ANSWER_LOST,
        /** The connection is reset before COMMIT reaches the server, which rolls back. */
        NEVER_ARRIVES,
        /** The transaction has been committed; its answer is lost, nothing more arrives either way, and nothing is closed. */
        ANSWER_LOST_IN_SILENCE
    }

    record Planned(String statement, CommitFault fault) {}

    private final TcpProxy network;
    private final List<Planned> planned = new ArrayList<>();
    private long struck;

    private PostgresProxy(String host, int port) {
        network = TcpProxy.to(host, port, () -> new PostgresConversation(this));
    }

    /** Forwards to this server, which need not run yet. */
    public static PostgresProxy to(PostgresServer server) {
        return to(server.host(), server.port());
    }

    /** Forwards to this server, which need not run yet. */
    public static PostgresProxy to(String host, int port) {
        return new PostgresProxy(host, port);
    }

    /** The JDBC URL of a database of the server, through this proxy. */
    public String url(TestDatabase database) {
        return "jdbc:postgresql://" + network.host() + ":" + network.port() + "/" + database.name();
    }

    /** The same connections as bytes: to cut, pause or delay them. */
    public TcpProxy network() {
        return network;
    }

    /**
     * Has a fault hit the next commit of a transaction in which a statement ran that contains this text; also of a statement that commits
     * by itself. A commit that fails is not hit.
     *
     * @param statement as the driver sends it, parameters as {@code $1}; compared exactly
     */
    public synchronized void onCommitAfter(String statement, CommitFault fault) {
        planned.add(new Planned(statement, fault));
    }

    /** Forgets the faults that have not hit, and ends those of the network. Connections that fell silent stay so: cut them. */
    public void heal() {
        synchronized (this) {
            planned.clear();
        }
        network.heal();
    }

    /** How many faults have hit so far. */
    public synchronized long struck() {
        return struck;
    }

    /** Takes the fault that is meant for a transaction with these statements; null if none is. */
    synchronized @Nullable Planned take(Collection<String> statements) {
        for (Planned one : planned) {
            if (statements.stream().anyMatch(statement -> statement.contains(one.statement()))) {
                planned.remove(one);
                return one;
            }
        }
        return null;
    }

    synchronized void hit() {
        struck++;
    }

    /** What was taken did not hit, for there was no commit. */
    synchronized void putBack(Planned unused) {
        planned.add(0, unused);
    }

    /** Stops listening and cuts all connections. */
    @Override
    public void close() {
        network.close();
    }
}
