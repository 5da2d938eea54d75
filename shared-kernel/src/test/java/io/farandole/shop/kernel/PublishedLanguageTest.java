package io.farandole.shop.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.shop.kernel.PublishedLanguage.Entry;
import io.farandole.shop.kernel.order.v1.DeliveryRequested;
import io.farandole.shop.kernel.order.v1.OrderCancelled;
import io.farandole.shop.kernel.order.v1.OrderConfirmed;
import io.farandole.shop.kernel.order.v1.OrderLine;
import io.farandole.shop.kernel.order.v1.OrderPlaced;
import io.farandole.shop.kernel.order.v1.OrderReturned;
import io.farandole.shop.kernel.order.v1.PaymentRequested;
import io.farandole.shop.kernel.order.v1.WaitingAccepted;
import io.farandole.shop.kernel.payment.v1.PaymentAuthorized;
import io.farandole.shop.kernel.payment.v1.PaymentCaptureFailed;
import io.farandole.shop.kernel.payment.v1.PaymentCaptured;
import io.farandole.shop.kernel.payment.v1.PaymentDeclined;
import io.farandole.shop.kernel.payment.v1.PaymentRefunded;
import io.farandole.shop.kernel.payment.v1.PaymentVoided;
import io.farandole.shop.kernel.stock.v1.StockAwaited;
import io.farandole.shop.kernel.stock.v1.StockReleased;
import io.farandole.shop.kernel.stock.v1.StockReservationRejected;
import io.farandole.shop.kernel.stock.v1.StockReserved;
import io.farandole.shop.kernel.stock.v1.StockReturned;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The JSON of each published event, as it was approved. A difference is a change of the published language: what is on its
 * way and in others' journals has the old form, so give the event a new version instead of approving another text.
 */
class PublishedLanguageTest {

    private static final Money PRICE = new Money(990, "EUR");
    private static final List<OrderLine> LINES =
            List.of(new OrderLine("p-1", 2, PRICE), new OrderLine("p-2", 1, new Money(5, "EUR")));
    private static final Money TOTAL = new Money(1985, "EUR");

    private static final List<Record> EXAMPLES = List.of(
            new WaitingAccepted("order-1", 600),
            new OrderPlaced("order-1", "c-1", LINES, TOTAL),
            new DeliveryRequested("order-1", "farandole-personal:v1:order.7f00:QUJD"),
            new PaymentRequested("order-1", TOTAL, "tok_ok"),
            new OrderConfirmed("order-1", TOTAL),
            new OrderCancelled("order-1", "declined"),
            new OrderReturned("return-1", "order-1", LINES, TOTAL),
            new StockAwaited("order-1", Instant.parse("2026-11-22T12:10:00Z")),
            new StockReserved("order-1"),
            new StockReservationRejected("order-1", "p-1", "insufficient-stock"),
            new StockReleased("order-1"),
            new StockReturned("return-1", "order-1"),
            new PaymentAuthorized("order-1", TOTAL),
            new PaymentDeclined("order-1", "declined"),
            new PaymentCaptured("order-1", TOTAL),
            new PaymentCaptureFailed("order-1", "expired"),
            new PaymentVoided("order-1"),
            new PaymentRefunded("order-1", "return-1", TOTAL));

    private final JsonMapper mapper =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    static Stream<Record> examples() {
        return EXAMPLES.stream();
    }

    @ParameterizedTest
    @MethodSource("examples")
    void eachEventHasItsApprovedForm(Record example) throws IOException {
        String approved = approved(entryOf(example.getClass()).wireType());
        assertThat(mapper.writeValueAsString(example).strip()).isEqualTo(approved.strip());
        assertThat((Object) mapper.readValue(approved, example.getClass())).isEqualTo(example);
    }

    @ParameterizedTest
    @MethodSource("examples")
    void whatANewerProducerAddsIsIgnored(Record example) {
        String newer = mapper.writeValueAsString(example).replaceFirst("\\{", "{\"added\":{\"later\":[1]},");
        assertThat((Object) mapper.readValue(newer, example.getClass())).isEqualTo(example);
    }

    @Test
    void everyEventOfTheLanguageHasAnExample() {
        assertThat(EXAMPLES.stream().map(Object::getClass))
                .containsExactlyInAnyOrderElementsOf(PublishedLanguage.ENTRIES.stream()
                        .<Class<?>>map(Entry::type)
                        .toList());
    }

    @Test
    void namesAreUniqueAndBeginWithTheirContext() {
        assertThat(PublishedLanguage.ENTRIES.stream().map(Entry::wireType))
                .doesNotHaveDuplicates()
                .allMatch(name -> name.matches("(order|stock|payment)\\.[a-z-]+\\.v1"));
    }

    @Test
    void nobodyButPaymentFollowsTheToken() {
        assertThat(entryOf(PaymentRequested.class).followers()).containsExactly("payment");
    }

    @Test
    void nobodyButStockFollowsTheAddress() {
        assertThat(entryOf(DeliveryRequested.class).followers()).containsExactly("stock");
    }

    @Test
    void nobodyFollowsHimself() {
        assertThat(PublishedLanguage.ENTRIES).allSatisfy(entry -> assertThat(entry.followers())
                .doesNotContain(entry.name().substring(0, entry.name().indexOf('.'))));
    }

    @Test
    void aReturnIsAProcessOfItsOwn() {
        assertThat(key(new OrderReturned("return-1", "order-1", LINES, TOTAL))).isEqualTo("return-1");
        assertThat(key(new StockReturned("return-1", "order-1"))).isEqualTo("return-1");
        assertThat(key(new PaymentRefunded("order-1", "return-1", TOTAL))).isEqualTo("return-1");
        assertThat(key(new PaymentRefunded("order-1", null, TOTAL))).isEqualTo("order-1");
    }

    @Test
    void theTokenStaysOutOfTexts() {
        assertThat(new PaymentRequested("order-1", TOTAL, "tok_secret").toString())
                .doesNotContain("tok_secret");
    }

    private static <T extends Record> String key(T event) {
        @SuppressWarnings("unchecked")
        Class<T> type = (Class<T>) event.getClass();
        return entryOf(type).processKey().apply(event);
    }

    @SuppressWarnings("unchecked")
    private static <T extends Record> Entry<T> entryOf(Class<T> type) {
        return (Entry<T>) PublishedLanguage.ENTRIES.stream()
                .filter(entry -> entry.type() == type)
                .findFirst()
                .orElseThrow();
    }

    private static String approved(String wireType) throws IOException {
        try (InputStream file = Objects.requireNonNull(
                PublishedLanguageTest.class.getResourceAsStream("/approved/" + wireType + ".json"),
                () -> "src/test/resources/approved/" + wireType + ".json is missing")) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8).replace("\r\n", "\n");
        }
    }
}
