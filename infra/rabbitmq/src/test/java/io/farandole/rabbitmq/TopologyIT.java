package io.farandole.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.rabbitmq.client.ConnectionFactory;
import io.farandole.testservers.Patience;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is declared, and what is told about what is not as it must be. */
class TopologyIT {

    private Rig rig = Rig.withUsers();

    @AfterEach
    void close() {
        rig.close();
    }

    private void useProvided() {
        rig.close();
        rig = Rig.provided();
    }

    private TopologyException failureOf(Topology topology) {
        TopologyException failure = catchThrowableOfType(TopologyException.class, topology::verify);
        assertThat(failure).isNotNull();
        return failure;
    }

    @Test
    void acceptsWhatTheDefinitionsDeclare() {
        useProvided();
        for (String context : new String[] {"order", "stock", "payment"}) {
            assertThat(rig.topology(context).verify()).isEmpty();
            rig.topology(context).declare(Duration.ZERO);
            assertThat(rig.topology(context).verify()).isEmpty();
        }
    }

    @Test
    void declaresEverythingWhenContextsStartTogetherAndDoesSoAgain() throws Exception {
        Duration patience = Duration.ofSeconds(20);
        CompletableFuture<Void> all = CompletableFuture.allOf(
                CompletableFuture.runAsync(() -> rig.topology("order").declare(patience)),
                CompletableFuture.runAsync(() -> rig.topology("stock").declare(patience)),
                CompletableFuture.runAsync(() -> rig.topology("payment").declare(patience)));
        all.get(Patience.SECONDS, TimeUnit.SECONDS);
        for (String context : new String[] {"order", "stock", "payment"}) {
            assertThat(rig.topology(context).verify()).isEmpty();
        }
    }

    @Test
    void namesTheExchangeOfAnotherContextThatIsNotThere() {
        assertThatThrownBy(() -> rig.topology("stock").declare(Duration.ofMillis(300)))
                .isInstanceOf(TopologyException.class)
                .hasMessageContaining("order.events is missing")
                .hasMessageContaining("Start the context order");
    }

    @Test
    void namesWhatIsMissing() {
        TopologyException failure = failureOf(rig.topology("stock"));
        assertThat(failure)
                .hasMessageContaining("exchange stock.events is missing")
                .hasMessageContaining("queue stock.inbox is missing")
                .hasMessageContaining("queue stock.unhandled is missing")
                .hasMessageContaining("exchange order.events is missing")
                .hasMessageContaining("infra/services start");
        assertThat(failure.problems()).hasSize(8);
    }

    @Test
    void refusesAClassicQueueUnderTheInboxName() throws Exception {
        rig.adminChannel().queueDeclare("stock.inbox", true, false, false, Map.of());
        assertThatThrownBy(() -> rig.topology("stock").declare(Duration.ZERO))
                .isInstanceOf(TopologyException.class)
                .hasMessageContaining("stock.inbox")
                .hasMessageContaining("must be a durable quorum queue")
                .hasMessageContaining("delete_queue stock.inbox");
        assertThat(failureOf(rig.topology("stock"))).hasMessageContaining("must be a durable quorum queue");
    }

    @Test
    void refusesAnInboxWithoutSingleActiveConsumer() throws Exception {
        useProvided();
        rig.adminChannel().queueDelete("stock.inbox");
        rig.adminChannel().queueDeclare("stock.inbox", true, false, false, Map.of("x-queue-type", "quorum"));
        assertThat(failureOf(rig.topology("stock")))
                .hasMessageContaining("x-single-active-consumer")
                .hasMessageContaining("stock.inbox");
    }

    @Test
    void refusesAnExchangeOfAnotherType() throws Exception {
        useProvided();
        rig.adminChannel().exchangeDelete("stock.events");
        rig.adminChannel().exchangeDeclare("stock.events", "fanout", true);
        assertThat(failureOf(rig.topology("stock")))
                .hasMessageContaining("exchange stock.events")
                .hasMessageContaining("durable topic exchange");
    }

    @Test
    void refusesAMissingPolicyAndSaysHowToSetIt() {
        useProvided();
        rig.vhost().manage("DELETE", "policies/" + rig.vhost().vhost() + "/farandole-inbox-stock", "");
        assertThat(failureOf(rig.topology("stock")))
                .hasMessageContaining("dead-letter-exchange must be stock.parking and is not set")
                .hasMessageContaining("dead-letter-strategy must be at-least-once")
                .hasMessageContaining("overflow must be reject-publish")
                .hasMessageContaining("rabbitmqctl set_policy -p " + rig.vhost().vhost());
    }

    @Test
    void refusesALowDeliveryLimit() {
        useProvided();
        rig.vhost()
                .manage(
                        "PUT",
                        "policies/" + rig.vhost().vhost() + "/low",
                        "{\"pattern\":\"^stock\\\\.inbox$\",\"apply-to\":\"queues\",\"priority\":99,\"definition\":"
                                + "{\"dead-letter-exchange\":\"stock.parking\",\"dead-letter-routing-key\":\"dlq\","
                                + "\"dead-letter-strategy\":\"at-least-once\",\"overflow\":\"reject-publish\","
                                + "\"delivery-limit\":5}}");
        TopologyException failure = failureOf(rig.topology("stock"));
        assertThat(failure.problems())
                .singleElement()
                .asString()
                .contains("delivery-limit must be at least 1000 and is 5");
    }

    @Test
    void namesAMissingBinding() throws Exception {
        useProvided();
        rig.unbind("stock", Events.CANCELLED);
        rig.adminChannel().queueUnbind("stock.unhandled", "stock.parking", "unhandled");
        TopologyException failure = failureOf(rig.topology("stock"));
        assertThat(failure.problems()).hasSize(2);
        assertThat(failure)
                .hasMessageContaining("stock.inbox is not bound to order.events with order.order-cancelled.v1")
                .hasMessageContaining("stock.unhandled is not bound to stock.parking with unhandled");
        assertThat(rig.topology("order").verify())
                .singleElement()
                .asString()
                .contains("Context stock follows order.order-cancelled.v1", "stock.inbox");
    }

    @Test
    void namesABindingThatIsNoLongerFollowed() throws Exception {
        useProvided();
        rig.bind("stock", Events.ARCHIVED);
        assertThat(failureOf(rig.topology("stock")))
                .hasMessageContaining("order.order-archived.v1")
                .hasMessageContaining("delete binding source=order.events");
        assertThat(rig.topology("order").verify()).singleElement().asString().contains("no follower is declared");
    }

    @Test
    void warnsWithoutAManagementUrl() {
        useProvided();
        Topology blind = new Topology(Events.spec("stock"), rig.broker("stock"), null);
        assertThat(blind.verify()).singleElement().asString().contains("management URL");
        assertThat(blind.bindingCheck()).isEmpty();
    }

    @Test
    void refusesAnotherUser() {
        useProvided();
        assertThatThrownBy(() -> new Topology(Events.spec("stock"), rig.broker("order"), null).verify())
                .hasMessageContaining("authenticate as user order")
                .hasMessageContaining("Use the broker user stock");
    }

    @Test
    void tellsAnOutageFromAWrongSetUp() {
        useProvided();
        ConnectionFactory nowhere = rig.factory("stock");
        nowhere.setPort(1);
        assertThatThrownBy(() -> new Topology(Events.spec("stock"), Broker.of(nowhere), null).verify())
                .isInstanceOf(BrokerUnavailableException.class)
                .hasMessageContaining("Connection refused");
        BrokerManagement management = new BrokerManagement(
                URI.create("http://127.0.0.1:1/"),
                "stock",
                "secret",
                rig.vhost().vhost(),
                Duration.ofSeconds(2));
        assertThatThrownBy(() -> new Topology(Events.spec("stock"), rig.broker("stock"), management).verify())
                .isInstanceOf(BrokerUnavailableException.class)
                .hasMessageContaining("http://127.0.0.1:1 as user stock")
                .hasMessageNotContaining("secret");
        BrokerManagement stranger = new BrokerManagement(
                URI.create(rig.vhost().managementUrl()),
                "stock",
                "wrong-password",
                rig.vhost().vhost(),
                Duration.ofSeconds(2));
        assertThatThrownBy(() -> new Topology(Events.spec("stock"), rig.broker("stock"), stranger).verify())
                .hasMessageContaining("set_user_tags stock management");
    }
}
