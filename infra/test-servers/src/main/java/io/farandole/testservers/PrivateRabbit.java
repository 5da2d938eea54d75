package io.farandole.testservers;

/**
 * A RabbitMQ node of one test, which may kill, pause and restart it. Always a local node, on ports that stay the same; it
 * takes some six seconds to start. Close it; should the JVM die before, the node is stopped all the same.
 */
public final class PrivateRabbit extends PrivateServer {

    private final RabbitServer rabbit;

    private PrivateRabbit() {
        super("rabbitmq");
        Address address = Address.rabbit(environment(), "private instance");
        if (address == null) {
            throw new IllegalStateException("infra/services started RabbitMQ but told no address");
        }
        rabbit = new RabbitServer(address);
    }

    /** Starts a new, empty node. */
    public static PrivateRabbit start() {
        return new PrivateRabbit();
    }

    /** To create virtual hosts on it; valid through restarts. */
    public RabbitServer server() {
        return rabbit;
    }
}
