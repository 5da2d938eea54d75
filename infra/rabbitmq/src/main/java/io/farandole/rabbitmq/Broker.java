package io.farandole.rabbitmq;

import com.rabbitmq.client.Address;
import com.rabbitmq.client.AuthenticationFailureException;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.PossibleAuthenticationFailureException;
import com.rabbitmq.client.ShutdownSignalException;
import com.rabbitmq.client.impl.ForgivingExceptionHandler;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How to reach RabbitMQ. Keeps a copy of the connection factory given, with the client's own recovery switched off: relay
 * and listener reconnect themselves, because they must know what a lost connection means for what was not confirmed.
 * A heartbeat of more than {@value #MAX_HEARTBEAT_SECONDS} s is lowered to that, so that a hung broker is noticed.
 *
 * <p>Immutable and thread-safe. One connection is opened per relay and per listener: publishing may be blocked while
 * consuming must go on.
 */
public final class Broker {

    private static final Logger LOG = LoggerFactory.getLogger(Broker.class);
    private static final int MAX_HEARTBEAT_SECONDS = 10;
    private static final int RPC_TIMEOUT_MILLIS = 10_000;

    /** Above what the broker itself accepts (128 MiB): a huge message must be set aside, not break the connection. */
    private static final int MAX_INBOUND_BODY = 200 * 1024 * 1024;

    private final ConnectionFactory factory;
    private final List<Address> addresses;

    private Broker(ConnectionFactory factory, List<Address> addresses) {
        this.factory = factory.clone();
        this.factory.setAutomaticRecoveryEnabled(false);
        this.factory.setTopologyRecoveryEnabled(false);
        this.factory.setExceptionHandler(new QuietExceptionHandler());
        this.factory.setMaxInboundMessageBodySize(MAX_INBOUND_BODY);
        this.factory.setChannelRpcTimeout(RPC_TIMEOUT_MILLIS);
        int heartbeat = factory.getRequestedHeartbeat();
        if (heartbeat == 0 || heartbeat > MAX_HEARTBEAT_SECONDS) {
            this.factory.setRequestedHeartbeat(MAX_HEARTBEAT_SECONDS);
        }
        this.addresses = List.copyOf(addresses);
    }

    /** The broker at the factory's own host and port. */
    public static Broker of(ConnectionFactory factory) {
        return of(factory, List.of(new Address(factory.getHost(), factory.getPort())));
    }

    /** A cluster: the first address that answers is used. */
    public static Broker of(ConnectionFactory factory, List<Address> addresses) {
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException("At least one address of RabbitMQ is needed");
        }
        return new Broker(factory, addresses);
    }

    /** The user that connections authenticate as. */
    public String user() {
        return factory.getUsername();
    }

    /** The virtual host. */
    public String virtualHost() {
        return factory.getVirtualHost();
    }

    Connection connect(String name) throws IOException, TimeoutException {
        return factory.newConnection(addresses, name);
    }

    /** Why connecting or talking failed, in a sentence without credentials. */
    String describe(Throwable failure) {
        String where = this + ": ";
        if (failure instanceof AuthenticationFailureException
                || failure instanceof PossibleAuthenticationFailureException) {
            return where + "refuses user " + user() + ": check user name and password";
        }
        ShutdownSignalException shutdown = shutdownIn(failure);
        if (shutdown != null && shutdown.getReason() != null) {
            return where + shutdown.getReason();
        }
        Throwable root = failure;
        for (int depth = 0; root.getCause() != null && depth < 10; depth++) {
            root = root.getCause();
        }
        return where + text(failure) + (root == failure ? "" : " (" + text(root) + ")");
    }

    private static String text(Throwable failure) {
        String text = failure.getMessage();
        return text == null || text.isBlank() ? failure.getClass().getSimpleName() : text;
    }

    private static @Nullable ShutdownSignalException shutdownIn(Throwable failure) {
        Throwable current = failure;
        for (int depth = 0; current != null && depth < 10; depth++) {
            if (current instanceof ShutdownSignalException shutdown) {
                return shutdown;
            }
            current = current.getCause();
        }
        return null;
    }

    /** Connection failures are reported, once, by who uses the connection. */
    private static final class QuietExceptionHandler extends ForgivingExceptionHandler {
        @Override
        protected void log(String message, Throwable failure) {
            LOG.debug("{}", message, failure);
        }
    }

    /** Where, for messages: addresses and virtual host. */
    @Override
    public String toString() {
        return "RabbitMQ at " + addresses.stream().map(Address::toString).collect(Collectors.joining(","))
                + ", virtual host " + virtualHost();
    }
}
