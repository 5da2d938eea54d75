package io.farandole.acceptance.patterns;

import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.acceptance.checker.ShopAddresses;
import io.farandole.acceptance.shop.Customers;
import io.farandole.acceptance.shop.RunningShop;
import io.farandole.messaging.Envelope;
import io.farandole.messaging.JsonCodec;
import io.farandole.shop.kernel.Money;
import io.farandole.shop.kernel.order.v1.OrderCancelled;
import io.farandole.shop.kernel.order.v1.OrderConfirmed;
import io.farandole.shop.kernel.order.v1.OrderLine;
import io.farandole.shop.kernel.order.v1.OrderPlaced;
import io.farandole.shop.kernel.order.v1.PaymentRequested;
import io.farandole.shop.kernel.payment.v1.PaymentAuthorized;
import io.farandole.shop.kernel.payment.v1.PaymentVoided;
import io.farandole.shop.kernel.stock.v1.StockReleased;
import io.farandole.shop.kernel.stock.v1.StockReservationRejected;
import io.farandole.shop.kernel.stock.v1.StockReserved;
import io.farandole.testservers.Patience;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import tools.jackson.databind.JsonNode;

/**
 * Idempotent compensation: it is conditional on what was done for that very order, a repetition is a no-op, and one that comes before its
 * step leaves a tombstone, by which the late step is refused. In each context that undoes something, stock (release), payment (void, refund)
 * and order (cancel), with facts that come over RabbitMQ in a drawn order, each under its own id again, and once more under
 * another id, which no guard against duplicate messages knows.
 */
class IdempotentCompensationIT {

    private static final Logger LOG = LoggerFactory.getLogger(IdempotentCompensationIT.class);
    private static final Money PRICE = new Money(990, "EUR");

    /** Enough that every segment of a processor gets one: what it has done then, it has done with all that came before. */
    private static final int MARKERS = 40;

    private static RunningShop shop;
    private static Facts facts;
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final JsonCodec JSON = new JsonCodec();

    private final long seed = Long.getLong("farandole.acceptance.seed", System.nanoTime() & 0xffffff);
    private final Random random = new Random(seed);

    @BeforeAll
    static void opens() throws Exception {
        shop = RunningShop.open(RunningShop.Layout.QUICK);
        facts = new Facts(shop);
    }

    @AfterAll
    static void closes() {
        if (facts != null) {
            facts.close();
        }
        if (shop != null) {
            shop.close();
        }
    }

    @Test
    void stockReleasesWhatItHoldsForThatOrderOnceAndNeverHoldsWhatWasReleasedBefore() throws Exception {
        LOG.info("Seed {}", seed);
        String product = "p-compensated";
        Customers.receive(shop.address("stock"), product, 1_000);
        List<String> undone = new ArrayList<>();
        List<String> tooEarly = new ArrayList<>();
        List<String> refused = new ArrayList<>();
        List<String> kept = new ArrayList<>();
        List<List<Envelope>> stories = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            stories.add(story(order("undone-" + i, undone), product, 2, true));
            stories.add(reversed(story(order("early-" + i, tooEarly), product, 2, true)));
            stories.add(story(order("refused-" + i, refused), product, 5_000, true));
            stories.add(story(order("kept-" + i, kept), product, 3, false));
        }
        deliverShuffled(stories);
        List<String> markers = new ArrayList<>();
        for (int i = 0; i < MARKERS; i++) {
            facts.say(placed(order("marker-" + i, markers), product, 1));
        }
        Patience.await().untilAsserted(() -> assertThat(markers)
                .allSatisfy(it -> assertThat(own("stock", it)).contains("stock.order-reserved")));

        assertThat(undone).allSatisfy(it -> assertThat(own("stock", it))
                .containsExactly("stock.order-reserved", "stock.reservation-released"));
        assertThat(tooEarly)
                .as("the tombstone, and no reservation after it")
                .allSatisfy(it -> assertThat(own("stock", it)).containsExactly("stock.reservation-released"));
        assertThat(refused)
                .as("nothing was reserved, so nothing is released")
                .allSatisfy(it -> assertThat(own("stock", it)).containsExactly("stock.reservation-rejected"));
        assertThat(kept).as("another order's release").allSatisfy(it -> assertThat(own("stock", it))
                .containsExactly("stock.order-reserved"));
        JsonNode level = get("stock", "/products/" + product);
        assertThat(level.path("reserved").asLong()).isEqualTo(kept.size() * 3L + MARKERS);
        assertThat(level.path("available").asLong()).isEqualTo(1_000 - kept.size() * 3L - MARKERS);
        assertThat(level.path("sold").asLong()).isZero();
    }

    @Test
    void paymentGivesBackWhatItTookOnceAndTakesNothingThatWasCancelledBefore() throws Exception {
        LOG.info("Seed {}", seed);
        List<String> refunded = new ArrayList<>();
        List<String> tooEarly = new ArrayList<>();
        List<String> kept = new ArrayList<>();
        List<String> anyhow = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            charge(order("refunded-" + i, refunded));
            charge(order("paid-" + i, kept));
        }
        for (String id : refunded) {
            awaitPayment(id, "CAPTURED");
        }
        for (String id : kept) {
            awaitPayment(id, "CAPTURED");
        }
        List<Envelope> cancellations = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            cancellations.add(facts.of(new OrderCancelled(order("voided-" + i, tooEarly), "test")));
        }
        deliverShuffled(List.of(cancellations));
        for (String id : tooEarly) {
            // The way back is another processor's than the way forward: which of two facts is handled first is not said
            // by their order.
            awaitPayment(id, "VOIDED");
        }
        List<List<Envelope>> stories = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            stories.add(again(List.of(facts.of(new OrderCancelled(refunded.get(i), "test")))));
            List<Envelope> late = new ArrayList<>(charging(tooEarly.get(i)));
            late.add(cancellations.get(i));
            stories.add(again(late));
            // In any order, and handled in any: voided, or refunded, as it happens to come.
            List<Envelope> mixed = new ArrayList<>(charging(order("mixed-" + i, anyhow)));
            mixed.add(facts.of(new OrderCancelled(anyhow.get(i), "test")));
            List<Envelope> all = again(mixed);
            Collections.shuffle(all, random);
            stories.add(all);
        }
        deliverShuffled(stories);
        List<String> markers = new ArrayList<>();
        for (int i = 0; i < MARKERS; i++) {
            charge(order("payment-marker-" + i, markers));
        }
        for (String id : markers) {
            awaitPayment(id, "CAPTURED");
        }

        for (String id : refunded) {
            awaitPayment(id, "REFUNDED");
            JsonNode ledger = ledger(id);
            assertThat(ledger.path("refunds").asInt())
                    .as("refunds of %s", ledger)
                    .isEqualTo(1);
            assertThat(ledger.path("refunded").asLong())
                    .isEqualTo(ledger.path("captured").asLong());
        }
        for (String id : tooEarly) {
            assertThat(own("payment", id))
                    .as("the tombstone, and nothing after it")
                    .containsExactly("payment.charge-voided");
            assertThat(ledger(id).path("authorizations").asInt()).isZero();
        }
        for (String id : anyhow) {
            Patience.await(id).until(() -> List.of("VOIDED", "REFUNDED")
                    .contains(get("payment", "/payments/" + id).path("status").asString()));
            assertThat(isGivenBack(ledger(id))).as("%s", ledger(id)).isTrue();
            assertThat(ledger(id).path("voids").asInt()
                            + ledger(id).path("refunds").asInt())
                    .as("%s", ledger(id))
                    .isLessThanOrEqualTo(1);
        }
        for (String id : kept) {
            assertThat(ledger(id).path("refunded").asLong()).isZero();
            assertThat(ledger(id).path("captures").asInt()).isEqualTo(1);
        }
    }

    @Test
    void anOrderIsCancelledOnceAndNeverConfirmedAfterwards() throws Exception {
        LOG.info("Seed {}", seed);
        Customers.receive(shop.address("stock"), Customers.PLENTY, 1_000);
        // What they say is said by the test; what they were told waits for them.
        shop.service("stock").kill();
        shop.service("payment").kill();
        List<String> orders = new ArrayList<>();
        Set<String> raced = new HashSet<>();
        try {
            Customers customers = new Customers(shop.address("order"));
            List<List<Envelope>> stories = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                String id = customers.place(1_000 + i, "tok_ok", Customers.PLENTY);
                orders.add(id);
                List<Envelope> story = new ArrayList<>();
                switch (i % 4) {
                    case 0 -> story.add(facts.of(new StockReservationRejected(id, Customers.PLENTY, "test")));
                    case 1 -> {
                        for (int times = 0; times < 3; times++) {
                            assertThat(customers.cancel(id)).isEqualTo(202);
                        }
                        story.add(facts.of(new StockReleased(id)));
                    }
                    case 2 -> {
                        // Released before it is reserved: what the order would be promised is gone already.
                        Envelope released = facts.of(new StockReleased(id));
                        facts.deliver(released);
                        Patience.await(id).until(() -> own("order", id).contains("order.cancelled"));
                        story.add(released);
                        story.add(facts.of(new StockReserved(id)));
                    }
                    default -> {
                        // The same, but what cancels it is another processor than what confirms it: either may come
                        // first.
                        raced.add(id);
                        story.add(facts.of(new StockReleased(id)));
                        story.add(facts.of(new StockReserved(id)));
                    }
                }
                story.add(facts.of(new PaymentAuthorized(id, PRICE)));
                story.add(facts.of(new PaymentVoided(id)));
                stories.add(again(story));
            }
            deliverShuffled(stories);
            Patience.await().untilAsserted(() -> assertThat(orders)
                    .allSatisfy(it -> assertThat(own("order", it)).contains("order.cancelled", "order.settled")));
        } finally {
            shop.service("stock").start();
            shop.service("payment").start();
            shop.service("stock").awaitReady();
            shop.service("payment").awaitReady();
        }
        // Now stock and payment themselves are told, reserve or not, and answer: once more, and under other ids.
        for (String id : orders) {
            Patience.await(id).until(() -> own("stock", id).contains("stock.reservation-released"));
            assertThat(get("order", "/orders/" + id).path("status").asString()).isEqualTo("CANCELLED");
            List<String> events = own("order", id);
            assertThat(events).containsOnlyOnce("order.cancelled").containsOnlyOnce("order.settled");
            int from = raced.contains(id) ? events.indexOf("order.cancelled") : 0;
            assertThat(events.subList(from, events.size())).as("%s", events).doesNotContain("order.confirmed");
        }
        assertThat(get("stock", "/products/" + Customers.PLENTY)
                        .path("reserved")
                        .asLong())
                .isZero();
    }

    /** Placed, and perhaps cancelled: each three times, in a drawn order that begins as it says. */
    private List<Envelope> story(String orderId, String product, long quantity, boolean cancelled) {
        List<Envelope> story = new ArrayList<>();
        story.add(facts.of(placed(orderId, product, quantity)));
        if (cancelled) {
            story.add(facts.of(new OrderCancelled(orderId, "test")));
        }
        return again(story);
    }

    /** The first two the other way round. */
    private static List<Envelope> reversed(List<Envelope> story) {
        Collections.swap(story, 0, 1);
        return story;
    }

    /** First as they are, then all of them again under the same id and under another one, in a drawn order. */
    private List<Envelope> again(List<Envelope> story) {
        List<Envelope> repeated = new ArrayList<>();
        for (Envelope fact : story) {
            repeated.add(fact);
            repeated.add(underAnotherId(fact));
        }
        Collections.shuffle(repeated, random);
        List<Envelope> all = new ArrayList<>(story);
        all.addAll(repeated);
        return all;
    }

    private static Envelope underAnotherId(Envelope fact) {
        return new Envelope(
                fact.id() + "-again",
                fact.source(),
                fact.type(),
                fact.subject(),
                fact.time(),
                fact.processKey(),
                fact.sequence(),
                fact.correlationId(),
                fact.causationId(),
                fact.traceparent(),
                fact.keyId(),
                fact.body());
    }

    /** Between each other in a drawn order; each story in its own. */
    private void deliverShuffled(List<List<Envelope>> stories) throws Exception {
        List<Integer> turns = new ArrayList<>();
        for (int i = 0; i < stories.size(); i++) {
            turns.addAll(Collections.nCopies(stories.get(i).size(), i));
        }
        Collections.shuffle(turns, random);
        int[] told = new int[stories.size()];
        for (int story : turns) {
            facts.deliver(stories.get(story).get(told[story]++));
        }
    }

    private static void charge(String orderId) throws Exception {
        for (Envelope fact : charging(orderId)) {
            facts.deliver(fact);
        }
    }

    private static List<Envelope> charging(String orderId) {
        return List.of(
                facts.of(new PaymentRequested(orderId, PRICE, "tok_ok")),
                facts.of(new StockReserved(orderId)),
                facts.of(new OrderConfirmed(orderId, PRICE)));
    }

    private static OrderPlaced placed(String orderId, String product, long quantity) {
        return new OrderPlaced(
                orderId,
                "c-1",
                List.of(new OrderLine(product, quantity, PRICE)),
                new Money(PRICE.minor() * quantity, "EUR"));
    }

    private String order(String name, List<String> into) {
        String id = name + "-" + seed;
        into.add(id);
        return id;
    }

    private static boolean isGivenBack(JsonNode ledger) {
        return ledger.path("captured").asLong() == ledger.path("refunded").asLong()
                && (ledger.path("authorizations").asInt() == 0
                        || ledger.path("captures").asInt() == 1
                        || ledger.path("voided").asBoolean());
    }

    private static void awaitPayment(String orderId, String status) {
        Patience.await(orderId + " is " + status).until(() -> get("payment", "/payments/" + orderId)
                .path("status")
                .asString()
                .equals(status));
    }

    private static JsonNode ledger(String orderId) throws Exception {
        return ask(shop.provider().address().resolve("/payments/" + orderId));
    }

    private static JsonNode get(String context, String path) throws Exception {
        return ask(shop.address(context).resolve(path));
    }

    private static JsonNode ask(URI address) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(address).timeout(Duration.ofSeconds(10)).build();
        HttpResponse<String> answer = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
        return JSON.readTree(answer.statusCode() == 200 ? answer.body() : "{}");
    }

    /** The types of what a context has done itself for a process, in order; stock's count of pieces apart. */
    private static List<String> own(String context, String processKey) {
        ShopAddresses.Database database = shop.database(context);
        return new JdbcTemplate(new DriverManagerDataSource(database.url(), database.user(), database.password()))
                .queryForList(
                        "select payload_type from farandole.journal where own and process_key = ?"
                                + " and payload_type not like 'stock.pieces-%' order by position",
                        String.class, processKey);
    }
}
