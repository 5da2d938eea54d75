package io.farandole.acceptance.chaos;

import io.farandole.testservers.TcpProxy;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;

/** The ways from each instance to the broker and to its database, each a proxy of its own. Thread-safe. */
final class Ways implements AutoCloseable {

    static final String TO_THE_BROKER = " to the broker";
    static final String TO_THE_DATABASE = " to the database";

    private static final String JDBC = "jdbc:";

    private final Map<String, TcpProxy> ways = new HashMap<>();

    /** What an instance is told so that it goes these ways. */
    synchronized Map<String, String> surroundings(String instance, Map<String, String> told) {
        Map<String, String> changed = new HashMap<>(told);
        TcpProxy toBroker = open(
                instance + TO_THE_BROKER,
                require(told, "SPRING_RABBITMQ_HOST"),
                Integer.parseInt(require(told, "SPRING_RABBITMQ_PORT")));
        changed.put("SPRING_RABBITMQ_HOST", toBroker.host());
        changed.put("SPRING_RABBITMQ_PORT", Integer.toString(toBroker.port()));
        String url = require(told, "SPRING_DATASOURCE_URL");
        URI database = URI.create(url.substring(JDBC.length()));
        TcpProxy toDatabase = open(instance + TO_THE_DATABASE, database.getHost(), database.getPort());
        changed.put(
                "SPRING_DATASOURCE_URL",
                url.replace(
                        database.getHost() + ":" + database.getPort(), toDatabase.host() + ":" + toDatabase.port()));
        return changed;
    }

    private TcpProxy open(String way, String host, int port) {
        TcpProxy proxy = TcpProxy.to(host, port);
        ways.put(way, proxy);
        return proxy;
    }

    private static String require(Map<String, String> told, String name) {
        String value = told.get(name);
        if (value == null) {
            throw new IllegalArgumentException("An instance is not told " + name);
        }
        return value;
    }

    /** The way with this name: {@code stock-2 to the broker}. */
    synchronized TcpProxy way(String name) {
        TcpProxy way = ways.get(name);
        if (way == null) {
            throw new IllegalArgumentException("There is no way " + name);
        }
        return way;
    }

    /** Ends all faults; connections that may have lost something are reset. */
    synchronized void heal() {
        ways.values().forEach(way -> {
            way.heal();
            way.cut();
        });
    }

    @Override
    public synchronized void close() {
        ways.values().forEach(TcpProxy::close);
    }
}
