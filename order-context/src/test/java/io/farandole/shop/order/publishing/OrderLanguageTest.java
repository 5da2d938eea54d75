package io.farandole.shop.order.publishing;

import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.messaging.EventTypes;
import io.farandole.messaging.JsonCodec;
import io.farandole.messaging.Personal;
import io.farandole.messaging.Publications;
import io.farandole.shop.kernel.Money;
import io.farandole.shop.kernel.order.v1.DeliveryRequested;
import io.farandole.shop.kernel.order.v1.OrderCancelled;
import io.farandole.shop.kernel.order.v1.OrderConfirmed;
import io.farandole.shop.kernel.order.v1.OrderLine;
import io.farandole.shop.kernel.order.v1.OrderPlaced;
import io.farandole.shop.kernel.order.v1.OrderReturned;
import io.farandole.shop.kernel.order.v1.PaymentRequested;
import io.farandole.shop.kernel.order.v1.WaitingAccepted;
import io.farandole.shop.order.ordering.Line;
import io.farandole.shop.order.ordering.OrderEvent;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class OrderLanguageTest {

    private static final Money PRICE = new Money(990, "EUR");
    private static final List<Line> LINES = List.of(new Line("p-1", 2, PRICE));
    private static final List<OrderLine> PUBLIC_LINES = List.of(new OrderLine("p-1", 2, PRICE));
    private static final Money TOTAL = new Money(1980, "EUR");
    private static final Personal SEALED = Personal.parse(Personal.PREFIX + "order.7f00:" + "A".repeat(40));

    /** Every private event with its public form, if it has one. */
    private static final Map<OrderEvent, Optional<Record>> EVENTS = Map.ofEntries(
            Map.entry(new OrderEvent.WaitingAccepted("o", 600), Optional.of(new WaitingAccepted("o", 600))),
            Map.entry(
                    new OrderEvent.OrderPlaced("o", "c", LINES, TOTAL),
                    Optional.of(new OrderPlaced("o", "c", PUBLIC_LINES, TOTAL))),
            Map.entry(
                    new OrderEvent.PaymentRequested("o", TOTAL, "tok_ok"),
                    Optional.of(new PaymentRequested("o", TOTAL, "tok_ok"))),
            Map.entry(new OrderEvent.WaitingNoted("o", Instant.parse("2026-11-22T12:10:00Z")), Optional.empty()),
            Map.entry(new OrderEvent.WaitingEnded("o"), Optional.empty()),
            Map.entry(
                    new OrderEvent.DeliveryRequested("o", SEALED),
                    Optional.of(new DeliveryRequested("o", SEALED.text()))),
            Map.entry(new OrderEvent.OrderConfirmed("o", TOTAL), Optional.of(new OrderConfirmed("o", TOTAL))),
            Map.entry(new OrderEvent.OrderCancelled("o", "declined"), Optional.of(new OrderCancelled("o", "declined"))),
            Map.entry(
                    new OrderEvent.OrderReturned("r", "o", LINES, TOTAL, "why"),
                    Optional.of(new OrderReturned("r", "o", PUBLIC_LINES, TOTAL))),
            Map.entry(new OrderEvent.OrderFulfilled("o"), Optional.empty()),
            Map.entry(new OrderEvent.OrderSettled("o"), Optional.empty()),
            Map.entry(new OrderEvent.ReturnRequested("o"), Optional.empty()),
            Map.entry(new OrderEvent.ReturnCompleted("r", "o"), Optional.empty()));

    private final EventTypes types =
            EventTypes.merge(List.of(OrderLanguage.orderEvents(), OrderLanguage.publishedEvents()));
    private final Publications publications = OrderLanguage.orderPublications();
    private final JsonCodec json = new JsonCodec();

    @Test
    void everyPrivateEventIsTriedHere() {
        Class<?>[] all = Stream.of(OrderEvent.class)
                .flatMap(family -> Stream.of(family.getPermittedSubclasses()))
                .toArray(Class<?>[]::new);
        assertThat(EVENTS.keySet().stream().map(Object::getClass)).containsExactlyInAnyOrder(all);
    }

    @Test
    void everyPrivateEventHasANameAndCanBeReadBack() {
        assertThat(EVENTS.keySet()).allSatisfy(event -> {
            assertThat(types.typeOf(event.getClass()).context()).isEqualTo("order");
            assertThat((Object) json.read(json.write(event), event.getClass())).isEqualTo(event);
        });
    }

    @Test
    void whatBecomesPublicIsRegisteredAndKeepsItsProcess() {
        EVENTS.forEach((event, published) -> {
            Optional<Object> form = publications.publish(event);
            assertThat(form).isEqualTo(published);
            form.ifPresent(one -> assertThat(types.processKeyOf(one)).isEqualTo(types.processKeyOf(event)));
        });
    }

    @Test
    void onlyThePaymentRequestTellsTheToken() {
        assertThat(EVENTS.values().stream().flatMap(Optional::stream))
                .filteredOn(form -> json.write(form).contains("tok_ok"))
                .hasOnlyElementsOfType(PaymentRequested.class);
    }
}
