package io.farandole.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import io.farandole.messaging.Envelope;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The listener of stock against a real broker; order publishes as its own user. */
class ListenerIT {

    private final RecordingInbox inbox = new RecordingInbox();
    private final CountingMetrics metrics = new CountingMetrics();
    private final Rig rig = Rig.provided();
    private final Channel order;

    ListenerIT() throws Exception {
        order = rig.channel("order");
    }

    @AfterEach
    void close() {
        rig.close();
    }

    private Listener listen() {
        return rig.start(listener().build());
    }

    private Listener.Builder listener() {
        return Listener.builder(Events.spec("stock"), rig.broker("stock"), inbox)
                .settings(Rig.quickListener())
                .metrics(metrics);
    }

    private Unhandled unhandled() {
        return Unhandled.of(Events.spec("stock"), rig.broker("stock"), metrics);
    }

    private List<Envelope> publish(int events) throws Exception {
        Random random = new Random(3);
        List<Envelope> published = new ArrayList<>();
        for (int i = 1; i <= events; i++) {
            Envelope event = Events.event(Events.PLACED, "e-" + i, "order-" + random.nextInt(20), i);
            Rig.publish(order, event);
            published.add(event);
        }
        return published;
    }

    @Test
    void appendsInBatchesAndAcknowledges() throws Exception {
        List<Envelope> published = publish(1_000);
        // The store is away until the whole prefetch is here: then what waits is appended in full batches.
        inbox.down(true);
        Listener listener = listen();
        Rig.await(() -> listener.status().unsettled() == Rig.quickListener().prefetch());
        inbox.down(false);
        Rig.await(() -> inbox.size() == 1_000);
        assertThat(inbox.events()).containsExactlyElementsOf(published);
        assertThat(inbox.batches()).contains(100).allMatch(size -> size <= 100);
        Rig.await(() -> listener.status().unsettled() == 0);
        listener.stop();
        assertThat(rig.ready("stock.inbox")).isZero();
        assertThat(listener.status().appended()).isEqualTo(1_000);
        assertThat(listener.status().state()).isEqualTo(ListenerStatus.State.STOPPED);
    }

    @Test
    void countsDuplicatesAndStoresThemOnce() throws Exception {
        listen();
        List<Envelope> published = publish(100);
        for (Envelope event : published) {
            Rig.publish(order, event);
        }
        Rig.await(() -> metrics.count("duplicates") == 100 && inbox.size() == 100);
        assertThat(metrics.count("set-aside")).isZero();
        assertThat(inbox.events()).containsExactlyElementsOf(published);
    }

    @Test
    void setsAsideWhatIsNoEventWithTheReasonAndGoesOn() throws Exception {
        listen();
        Envelope good = Events.event(Events.PLACED, "good-1", "order-1", 1);
        EnvelopeCodec.Message message = new EnvelopeCodec().encode(good);
        byte[] body = message.body();
        send(properties(message).messageId(null), body);
        send(
                properties(message).messageId("no-key").headers(without(message, WireHeaders.PROCESS_KEY, "no-key")),
                body);
        send(
                properties(message)
                        .messageId("no-source")
                        .headers(without(message, WireHeaders.CE_SOURCE, "no-source")),
                body);
        send(properties(message).type(null), body);
        send(properties(message).type("nonsense"), body);
        send(other("bad-json"), "{\"orderId\":".getBytes(StandardCharsets.UTF_8));
        send(other("bad-utf8"), new byte[] {'{', '"', (byte) 0xff, '"', ':', '1', '}'});
        byte[] huge = new byte[3 * 1024 * 1024];
        Arrays.fill(huge, (byte) ' ');
        huge[0] = '{';
        huge[huge.length - 1] = '}';
        send(other("huge"), huge);
        Rig.publish(order, good);
        Rig.await(() -> inbox.size() == 1 && metrics.count("set-aside") == 8);
        assertThat(unhandled().list(100))
                .extracting(UnhandledMessage::reason)
                .containsExactly(
                        "missing-id",
                        "missing-process-key",
                        "missing-source",
                        "missing-type",
                        "malformed-type",
                        "invalid-json",
                        "invalid-utf8",
                        "body-too-long");
        assertThat(unhandled().list(100))
                .extracting(UnhandledMessage::bodyBytes)
                .contains(huge.length);
        assertThat(unhandled().list(100))
                .allMatch(aside -> aside.exchange().equals("order.events") && "order".equals(aside.userId()));
        assertThat(unhandled().count()).isEqualTo(8);
        assertThat(rig.ready("stock.inbox")).isZero();
        assertThat(rig.ready("stock.inbox.dlq")).isZero();
    }

    private void send(BasicProperties.Builder properties, byte[] body) throws Exception {
        Rig.publish(order, "order", Events.PLACED.wireType(), properties.build(), body);
    }

    private static BasicProperties.Builder properties(EnvelopeCodec.Message message) {
        return message.properties().builder();
    }

    private static BasicProperties.Builder other(String id) throws RejectedMessageException {
        return properties(new EnvelopeCodec().encode(Events.event(Events.PLACED, id, "order-1", 1)));
    }

    private static Map<String, Object> without(EnvelopeCodec.Message message, String header, String id) {
        Map<String, Object> headers = new HashMap<>(message.properties().getHeaders());
        headers.remove(header);
        headers.put(WireHeaders.CE_ID, id);
        return headers;
    }

    @Test
    void setsAsideWhatItDoesNotFollowAndPutsItBackOnceItDoes() throws Exception {
        Channel admin = rig.adminChannel();
        admin.queueBind("stock.inbox", "order.events", "order.#");
        Listener listener = listen();
        Envelope archived = Events.event(Events.ARCHIVED, "a-1", "order-1", 1);
        Envelope newer =
                Events.event(new io.farandole.messaging.EventType("order.order-placed", 2), "p-2", "order-1", 2);
        Rig.publish(order, archived);
        Rig.publish(order, newer);
        Rig.await(() -> metrics.count("set-aside") == 2);
        assertThat(unhandled().list(10))
                .extracting(UnhandledMessage::reason)
                .containsExactly("not-followed", "unknown-version");
        listener.stop();

        TopologySpec wider =
                new TopologySpec("stock", java.util.Set.of(Events.PLACED, newer.type(), Events.ARCHIVED), Map.of());
        rig.start(Listener.builder(wider, rig.broker("stock"), inbox)
                .settings(Rig.quickListener())
                .metrics(metrics)
                .build());
        assertThat(unhandled().putBack(message -> "unknown-version".equals(message.reason()), 100))
                .isEqualTo(1);
        Rig.await(() -> inbox.size() == 1);
        assertThat(inbox.events()).containsExactly(newer);
        assertThat(unhandled().putBack(message -> true, 100)).isEqualTo(1);
        Rig.await(() -> inbox.size() == 2);
        assertThat(inbox.events()).containsExactly(newer, archived);
        assertThat(unhandled().count()).isZero();
        assertThat(metrics.count("put-back")).isEqualTo(2);
    }

    @Test
    void setsAsideAgainWhatIsPutBackTooEarly() throws Exception {
        listen();
        send(other("bad").headers(Map.of()), "{}".getBytes(StandardCharsets.UTF_8));
        Rig.await(() -> metrics.count("set-aside") == 1);
        assertThat(unhandled().putBack(message -> true, 1)).isEqualTo(1);
        Rig.await(() -> metrics.count("set-aside") == 2);
        UnhandledMessage again = unhandled().list(1).get(0);
        assertThat(again.exchange()).isEqualTo("order.events");
        assertThat(again.routingKey()).isEqualTo("order.order-placed.v1");
        assertThat(again.userId()).isEqualTo("order");
        assertThat(again.reason()).isEqualTo("missing-source");
    }

    @Test
    void keepsAConflictingDuplicateApart() throws Exception {
        listen();
        Envelope first = Events.event(Events.PLACED, "e-1", "order-1", 1);
        Envelope other = Events.event(Events.PLACED, "e-1", "order-1", 2);
        Rig.publish(order, first);
        Rig.await(() -> inbox.size() == 1);
        Rig.publish(order, other);
        Rig.await(() -> metrics.count("set-aside-conflicting-duplicate") == 1);
        assertThat(inbox.events()).containsExactly(first);
        assertThat(unhandled().list(5)).extracting(UnhandledMessage::messageId).containsExactly("e-1");
    }

    @Test
    void keepsDeliveriesWhileTheStoreIsAwayAndTakesThemAfterwards() throws Exception {
        inbox.down(true);
        Listener listener = listen();
        List<Envelope> published = publish(600);
        Rig.await(() -> listener.status().state() == ListenerStatus.State.STORE_UNAVAILABLE && inbox.attempts() > 5);
        assertThat(listener.status().lastError()).contains("the store is away");
        assertThat(listener.status().unsettled()).isLessThanOrEqualTo(250);
        inbox.down(false);
        Rig.await(() -> inbox.size() == 600 && listener.status().unsettled() == 0);
        Orders.assertSame(published, inbox.events());
        assertThat(inbox.duplicates()).isZero();
        assertThat(metrics.count("received")).isEqualTo(600);
        assertThat(listener.status().lastError()).isNull();
        assertThat(rig.ready("stock.inbox.dlq") + unhandled().count()).isZero();
    }

    @Test
    void givesDeliveriesBackWhenTheStoreStaysAway() throws Exception {
        RecordingInbox broken = new RecordingInbox();
        broken.down(true);
        ListenerSettings hasty = new ListenerSettings(
                250,
                100,
                java.time.Duration.ZERO,
                java.time.Duration.ofMillis(300),
                java.time.Duration.ofSeconds(5),
                java.time.Duration.ofMillis(20),
                java.time.Duration.ofSeconds(3),
                java.time.Duration.ofSeconds(3));
        Listener first = rig.start(Listener.builder(Events.spec("stock"), rig.broker("stock"), broken)
                .settings(hasty)
                .build());
        Rig.await(() -> first.status().state() == ListenerStatus.State.LISTENING);
        List<Envelope> published = publish(50);
        listen();
        Rig.await(() -> inbox.size() == 50);
        Orders.assertSame(published, inbox.events());
    }

    @Test
    void setsAsideTheOneEventThatTheStoreRefuses() throws Exception {
        inbox.refuse("e-17");
        Listener listener = listen();
        List<Envelope> published = publish(60);
        // Others must be there to tell a poisoned event from a store that is away.
        Rig.await(() -> inbox.size() >= 40);
        for (int i = 100; metrics.count("set-aside-refused-by-store") == 0; i++) {
            Rig.publish(order, Events.event(Events.PLACED, "later-" + i, "later", i));
            int next = inbox.attempts() + 2;
            Rig.await(() -> inbox.attempts() >= next || metrics.count("set-aside-refused-by-store") > 0);
        }
        Rig.await(() -> inbox.ids()
                .containsAll(published.stream()
                        .map(Envelope::id)
                        .filter(id -> !id.equals("e-17"))
                        .toList()));
        Rig.await(() -> listener.status().state() == ListenerStatus.State.LISTENING);
        assertThat(unhandled().list(10)).extracting(UnhandledMessage::messageId).containsExactly("e-17");
        Orders.assertSame(
                published.stream().filter(event -> !event.id().equals("e-17")).toList(),
                inbox.events().stream()
                        .filter(event -> event.id().startsWith("e-"))
                        .toList());
    }

    @Test
    void waitsUntilItCanSetAside() throws Exception {
        Channel admin = rig.adminChannel();
        admin.queueUnbind("stock.unhandled", "stock.parking", "unhandled");
        Listener listener = listen();
        send(other("bad"), "no json".getBytes(StandardCharsets.UTF_8));
        List<Envelope> published = publish(10);
        Rig.await(() -> listener.status().state() == ListenerStatus.State.PARKING_UNAVAILABLE);
        assertThat(listener.status().lastError()).contains("stock.parking", "unhandled");
        admin.queueBind("stock.unhandled", "stock.parking", "unhandled");
        Rig.await(() -> metrics.count("set-aside") == 1 && inbox.size() == 10);
        Orders.assertSame(published, inbox.events());
        assertThat(unhandled().count()).isEqualTo(1);
    }

    @Test
    void comesBackWhenItsQueueIsDeletedAndDeclaredAgain() throws Exception {
        Listener listener = listen();
        publish(5);
        Rig.await(() -> inbox.size() == 5);
        rig.adminChannel().queueDelete("stock.inbox");
        Rig.await(() -> listener.status().lastError() != null);
        assertThat(listener.status().lastError()).contains("stock.inbox");
        rig.topology("stock").declare(java.time.Duration.ofSeconds(5));
        Rig.publish(order, Events.event(Events.PLACED, "after", "order-1", 99));
        Rig.await(() -> inbox.size() == 6 && listener.status().lastError() == null);
    }

    @Test
    void refusesASenderThatIsNotTheSource() throws Exception {
        // Only an administrator can write to another's exchange at all; without a user id the exchange vouches.
        Channel admin = rig.adminChannel();
        listen();
        EnvelopeCodec.Message message = new EnvelopeCodec().encode(Events.event(Events.PLACED, "x-1", "order-1", 1));
        Rig.publish(
                admin,
                "order",
                message.routingKey(),
                message.properties().builder().userId(rig.vhost().adminUser()).build(),
                message.body());
        Rig.publish(
                admin,
                "order",
                message.routingKey(),
                message.properties().builder().userId(null).build(),
                message.body());
        Rig.await(() -> inbox.size() == 1 && metrics.count("set-aside-user-mismatch") == 1);
    }

    @Test
    void lettersThatWouldExpireOrMultiplyAreKeptOnce() throws Exception {
        listen();
        Rig.publish(
                order,
                "order",
                Events.PLACED.wireType(),
                other("odd")
                        .type(null)
                        .expiration("60000")
                        .headers(Map.of("CC", List.of("order.order-cancelled.v1"), "x", 1))
                        .build(),
                "{}".getBytes(StandardCharsets.UTF_8));
        Rig.await(() -> metrics.count("set-aside") >= 1);
        assertThat(unhandled().list(10)).hasSize(1);
        var kept = rig.adminChannel().basicGet("stock.unhandled", true);
        assertThat(kept.getProps().getExpiration()).isNull();
        assertThat(kept.getProps().getMessageId()).isEqualTo("odd");
        assertThat(kept.getProps().getAppId()).isEqualTo("order");
        assertThat(kept.getProps().getHeaders())
                .containsEntry("x", 1)
                .containsKeys(
                        "farandole-original-CC", "farandole-reason", "farandole-detail", "farandole-set-aside-at");
        assertThat(kept.getBody()).asString(StandardCharsets.UTF_8).isEqualTo("{}");
    }
}
