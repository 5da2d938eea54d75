package io.farandole.shop.payment.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.shop.kernel.Money;
import io.farandole.shop.payment.PaymentApplication;
import io.farandole.shop.payment.charging.PaymentEvent;
import io.farandole.shop.payment.charging.PaymentEvent.ChargeAuthorized;
import io.farandole.shop.payment.charging.PaymentEvent.ChargeCaptured;
import io.farandole.shop.payment.charging.PaymentEvent.ChargeDeclined;
import io.farandole.shop.payment.charging.PaymentEvent.ReturnRefunded;
import io.farandole.shop.payment.charging.PaymentEvent.SettlementFailed;
import io.farandole.testkit.Dance;
import io.farandole.testkit.Dancer;
import io.farandole.testkit.RunningContext;
import io.farandole.testservers.Patience;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/** What {@code GET /payments/{orderId}} shows, with a real journal, a real database and the view's own segments. */
class PaymentViewIT {

    private static final Money PRICE = new Money(9_960, "EUR");

    private static Dance dance;
    private static RunningContext context;

    @BeforeAll
    static void starts() {
        dance = Dance.of(Dancer.of("payment", PaymentApplication.class)
                .with("farandole.rabbitmq.enabled", "false")
                .with("shop.payment.provider.url", "http://127.0.0.1:1"));
        context = dance.context("payment");
    }

    @AfterAll
    static void stops() {
        dance.close();
    }

    /** Charge and return are two processes, in two segments as often as not, and one row: no change of it may be lost. */
    @Test
    void whatWasReturnedIsRefundedHoweverCloseTheReturnIsToTheCapture() {
        List<String> orders = IntStream.range(0, 150)
                .mapToObj(i -> UUID.randomUUID().toString())
                .toList();
        for (String order : orders) {
            append(
                    order,
                    new ChargeAuthorized(order, PRICE),
                    new ChargeCaptured(order, PRICE),
                    new ReturnRefunded(order + "-return", order, PRICE));
        }
        JdbcTemplate jdbc = new JdbcTemplate(context.database().appDataSource());
        Patience.await().untilAsserted(() -> assertThat(jdbc.queryForObject(
                        "select count(*) from app.payment_view where status = 'REFUNDED' and authorized = 9960"
                                + " and captured = 9960 and refunded = 9960 and order_id = any (?)",
                        Integer.class,
                        (Object) orders.toArray(String[]::new)))
                .isEqualTo(orders.size()));
    }

    @Test
    void aPaymentIsShownWithDecimalAmounts() throws Exception {
        String order = UUID.randomUUID().toString();
        assertThat(get(order).statusCode()).isEqualTo(404);
        append(order, new ChargeAuthorized(order, PRICE), new ChargeCaptured(order, PRICE));
        assertThat(shown(order, "CAPTURED"))
                .contains("\"authorized\":{\"amount\":\"99.60\",\"currency\":\"EUR\"}")
                .contains("\"captured\":{\"amount\":\"99.60\",\"currency\":\"EUR\"}")
                .contains("\"refunded\":{\"amount\":\"0.00\",\"currency\":\"EUR\"}")
                .doesNotContain("problem");
    }

    @Test
    void aDeclinedPaymentAndAProblemAreShown() throws Exception {
        String declined = UUID.randomUUID().toString();
        append(declined, new ChargeDeclined(declined, PRICE, "declined"));
        assertThat(shown(declined, "DECLINED")).contains("\"amount\":\"0.00\"");
        String stuck = UUID.randomUUID().toString();
        append(
                stuck,
                new ChargeAuthorized(stuck, PRICE),
                new SettlementFailed(stuck, "capture", "the provider is gone"));
        Patience.await().untilAsserted(() -> assertThat(get(stuck).body())
                .contains("\"problem\":\"capture: the provider is gone\""));
    }

    /** Transfers are there where banks are configured, and nowhere else. */
    @Test
    void withoutBanksThereAreNoTransfers() throws Exception {
        URI address = URI.create("http://127.0.0.1:" + context.port() + "/transfers/t-1");
        assertThat(HttpClient.newHttpClient()
                        .send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(404);
    }

    private static String shown(String order, String status) {
        return Patience.await().until(() -> get(order).body(), body -> body.contains("\"status\":\"" + status + "\""));
    }

    private static HttpResponse<String> get(String order) throws IOException, InterruptedException {
        URI address = URI.create("http://127.0.0.1:" + context.port() + "/payments/" + order);
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
    }

    /** Appends events of one payment as its aggregate would, each in a transaction of its own. */
    private static void append(String order, PaymentEvent... events) {
        for (int i = 0; i < events.length; i++) {
            List<EventMessage<?>> one =
                    new ArrayList<>(List.of(new GenericDomainEventMessage<>("Payment", order, i, events[i])));
            context.bean(TransactionManager.class)
                    .executeInTransaction(() -> context.bean(EventStore.class).publish(one));
        }
    }
}
