package io.farandole.acceptance.crash;

import com.rabbitmq.client.ConnectionFactory;
import io.farandole.eventstore.Journal;
import io.farandole.eventstore.JournalInbox;
import io.farandole.eventstore.JournalSettings;
import io.farandole.messaging.EventType;
import io.farandole.messaging.Followers;
import io.farandole.rabbitmq.Broker;
import io.farandole.rabbitmq.Listener;
import io.farandole.rabbitmq.ListenerSettings;
import io.farandole.rabbitmq.TopologySpec;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.postgresql.ds.PGSimpleDataSource;

/** A child process with nothing but a listener on a journal: it starts in a second or two. */
final class ListenerProgram {

    static final String CONTEXT = "stock";
    static final EventType TYPE = new EventType("order.order-placed", 1);
    private static final int PREFETCH = 250;

    private ListenerProgram() {}

    static TopologySpec topology() {
        return TopologySpec.of(
                CONTEXT, Followers.builder().add(TYPE, List.of(CONTEXT)).build());
    }

    /**
     * Listens until the process is ended.
     *
     * @param arguments JDBC URL, user and password; host, port, virtual host, user and password of the broker
     */
    public static void main(String[] arguments) throws InterruptedException {
        PGSimpleDataSource database = new PGSimpleDataSource();
        database.setUrl(arguments[0]);
        database.setUser(arguments[1]);
        database.setPassword(arguments[2]);
        ConnectionFactory broker = new ConnectionFactory();
        broker.setHost(arguments[3]);
        broker.setPort(Integer.parseInt(arguments[4]));
        broker.setVirtualHost(arguments[5]);
        broker.setUsername(arguments[6]);
        broker.setPassword(arguments[7]);
        ListenerSettings defaults = ListenerSettings.defaults();
        Listener.builder(
                        topology(),
                        Broker.of(broker),
                        new JournalInbox(new Journal(database, JournalSettings.of(CONTEXT))))
                .settings(new ListenerSettings(
                        PREFETCH,
                        PREFETCH,
                        defaults.linger(),
                        defaults.handOverAfter(),
                        defaults.parkingTimeout(),
                        defaults.initialBackOff(),
                        defaults.maxBackOff(),
                        defaults.stopTimeout()))
                .build()
                .start();
        new CountDownLatch(1).await();
    }
}
