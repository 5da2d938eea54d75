package io.farandole.shop.order.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.audit.personal.Erasures;
import io.farandole.shop.order.OrderApplication;
import io.farandole.testkit.Dance;
import io.farandole.testkit.Dancer;
import io.farandole.testkit.RunningContext;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.core.JdbcTemplate;

/** Where an order goes, over HTTP and on a real database. */
@ExtendWith(OutputCaptureExtension.class)
class DeliveryAddressIT {

    private static final String ADDRESS = "Anna Müller\\n12 Rue de la République";
    private static final String TOLD = "Anna Müller\n12 Rue de la République";

    private static Dance dance;
    private static RunningContext context;
    private static Http http;

    @BeforeAll
    static void starts() {
        byte[] key = new byte[32];
        new SecureRandom().nextBytes(key);
        dance = Dance.of(Dancer.of("order", OrderApplication.class)
                .with("farandole.rabbitmq.enabled", "false")
                .with("farandole.personal.master-key", "k1")
                .with("farandole.personal.master-keys.k1", Base64.getEncoder().encodeToString(key)));
        context = dance.context("order");
        http = new Http(context.port());
    }

    @AfterAll
    static void stops() {
        dance.close();
    }

    @Test
    void itIsSealedWhereverItIsKeptAndOpenedForAnAnswer(CapturedOutput output) {
        String orderId = place("c-1", ADDRESS);
        assertThat(http.get("/orders/" + orderId).text("deliverTo")).isEqualTo(TOLD);
        assertThat(http.get("/orders?limit=1").json().at("/orders/0/deliverTo").asString())
                .isEqualTo(TOLD);
        assertThat(context.journalOf(orderId).stream()
                        .map(line -> line.wireType() + " " + line.payload())
                        .collect(Collectors.joining("\n")))
                .contains("order.delivery-requested.v1 ", "farandole-personal:v1:order.")
                .doesNotContain("Müller", "République");
        assertThat(everything()).doesNotContain("Müller", "République");
        assertThat(output.getAll()).doesNotContain("Müller", "République");
    }

    @Test
    void afterAnErasureThereIsATombstoneInItsPlace() {
        String erased = place("c-2", ADDRESS);
        String other = place("c-3", "Berta");
        assertThat(context.bean(Erasures.class).erase("c-2", "ada", "asked for"))
                .isPresent();
        assertThat(http.get("/orders/" + erased).json().has("deliverTo")).isFalse();
        assertThat(http.get("/orders/" + erased).json().at("/deliverToErased").asBoolean())
                .isTrue();
        assertThat(http.get("/orders/" + other).text("deliverTo")).isEqualTo("Berta");
        assertThat(http.get("/orders").status()).isEqualTo(200);
        String again = place("c-2", "Anna, new");
        assertThat(http.get("/orders/" + again).text("deliverTo")).isEqualTo("Anna, new");
    }

    @Test
    void oneThatWasAlteredHidesNeitherItsOrderNorTheOthers(CapturedOutput output) {
        String altered = place("c-7", "Carla");
        String other = place("c-8", "Dora");
        new JdbcTemplate(context.database().adminDataSource())
                .update(
                        "update app.order_status set deliver_to = overlay(deliver_to placing 'AAAA' from length(deliver_to) - 10)"
                                + " where order_id = ?",
                        altered);
        Http.Answer damaged = http.get("/orders/" + altered);
        assertThat(damaged.status()).isEqualTo(200);
        assertThat(damaged.json().has("deliverTo")).isFalse();
        assertThat(damaged.json().at("/deliverToDamaged").asBoolean()).isTrue();
        Http.Answer page = http.get("/orders?limit=2");
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.body()).contains("Dora").doesNotContain("Carla");
        assertThat(http.get("/orders/" + other).json().has("deliverToDamaged")).isFalse();
        assertThat(output.getAll()).contains("A delivery address cannot be opened: Personal[order.");
    }

    @Test
    void anOrderThatSaysNothingOfItTellsNothing() {
        Http.Answer order = http.get("/orders/" + place("c-4", null));
        assertThat(order.json().has("deliverTo")).isFalse();
        assertThat(order.json().has("deliverToErased")).isFalse();
    }

    @Test
    void aBadOneIsRefusedByNameAndNotRepeated() {
        for (String bad : List.of("", "  \\n ", "x".repeat(1001))) {
            Http.Answer refused = http.post("/orders", order("c-5", bad));
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.body()).contains("deliverTo").doesNotContain("xxx");
        }
    }

    @Test
    void withoutAMasterKeyItIsRefusedAndNotKept() {
        try (Dance bare =
                Dance.of(Dancer.of("order", OrderApplication.class).with("farandole.rabbitmq.enabled", "false"))) {
            Http unset = new Http(bare.context("order").port());
            Http.Answer refused = unset.post("/orders", order("c-6", ADDRESS));
            assertThat(refused.status()).isEqualTo(422);
            assertThat(refused.body()).contains("leave deliverTo out").doesNotContain("Müller");
            assertThat(unset.post("/orders", order("c-6", null)).status()).isEqualTo(202);
        }
    }

    private static String place(String customer, @Nullable String deliverTo) {
        Http.Answer accepted = http.post(
                "/orders",
                order(customer, deliverTo),
                "Idempotency-Key",
                UUID.randomUUID().toString());
        assertThat(accepted.status()).as(accepted.body()).isEqualTo(202);
        return accepted.text("orderId");
    }

    private static String order(String customer, @Nullable String deliverTo) {
        return "{\"customerId\":\"" + customer + "\",\"paymentToken\":\"tok_ok\",\"lines\":[{\"productId\":\"p-1\","
                + "\"quantity\":1,\"unitPrice\":{\"amount\":\"9.90\",\"currency\":\"EUR\"}}]"
                + (deliverTo == null ? "" : ",\"deliverTo\":\"" + deliverTo + "\"") + "}";
    }

    /** Every row of every table, as text. */
    private static String everything() {
        JdbcTemplate jdbc = new JdbcTemplate(context.bean(DataSource.class));
        return jdbc
                .queryForList(
                        "select table_schema || '.' || table_name from information_schema.tables"
                                + " where table_schema in ('app', 'farandole') and has_table_privilege("
                                + "quote_ident(table_schema) || '.' || quote_ident(table_name), 'select')",
                        String.class)
                .stream()
                .flatMap(table -> jdbc.queryForList("select t::text from " + table + " t", String.class).stream())
                .collect(Collectors.joining("\n"));
    }
}
