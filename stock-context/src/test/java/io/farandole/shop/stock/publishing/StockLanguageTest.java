package io.farandole.shop.stock.publishing;

import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.messaging.EventTypes;
import io.farandole.messaging.JsonCodec;
import io.farandole.messaging.Personal;
import io.farandole.messaging.Publications;
import io.farandole.shop.kernel.stock.v1.StockAwaited;
import io.farandole.shop.kernel.stock.v1.StockReleased;
import io.farandole.shop.kernel.stock.v1.StockReservationRejected;
import io.farandole.shop.kernel.stock.v1.StockReserved;
import io.farandole.shop.kernel.stock.v1.StockReturned;
import io.farandole.shop.stock.inventory.QueueEvent;
import io.farandole.shop.stock.inventory.StockEvent;
import io.farandole.shop.stock.reservation.HoldEnd;
import io.farandole.shop.stock.reservation.ReservationEvent;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class StockLanguageTest {

    private static final Instant UNTIL = Instant.parse("2026-11-22T12:10:00Z");

    /** Every private event with its public form, if it has one. */
    private static final Map<Record, Optional<Record>> EVENTS = Map.ofEntries(
            Map.entry(
                    new ReservationEvent.OrderReserved("o", new TreeMap<>(Map.of("b", 1L, "a", 2L))),
                    Optional.of(new StockReserved("o"))),
            Map.entry(
                    new ReservationEvent.ReservationHeld(
                            "o", new TreeMap<>(Map.of("b", 1L)), Instant.parse("2026-11-22T12:00:00Z")),
                    Optional.empty()),
            Map.entry(new ReservationEvent.HoldEnded("o", HoldEnd.EXPIRED), Optional.empty()),
            Map.entry(
                    new ReservationEvent.DeliveryNoted(
                            "o", Personal.parse(Personal.PREFIX + "order.7f00:" + "A".repeat(40))),
                    Optional.empty()),
            Map.entry(
                    new ReservationEvent.ReservationRejected("o", "p", "insufficient-stock"),
                    Optional.of(new StockReservationRejected("o", "p", "insufficient-stock"))),
            Map.entry(
                    new ReservationEvent.WaitingBegan("o", "a", new TreeMap<>(Map.of("b", 1L, "a", 2L)), UNTIL),
                    Optional.of(new StockAwaited("o", UNTIL))),
            Map.entry(
                    new ReservationEvent.WaitingServed("o", new TreeMap<>(Map.of("b", 1L, "a", 2L))),
                    Optional.of(new StockReserved("o"))),
            Map.entry(
                    new ReservationEvent.WaitingRefused("o", "p", "sold-out"),
                    Optional.of(new StockReservationRejected("o", "p", "sold-out"))),
            Map.entry(new QueueEvent.QueueJoined("p", "o"), Optional.empty()),
            Map.entry(new QueueEvent.QueueLeft("p", "o"), Optional.empty()),
            Map.entry(new QueueEvent.TurnCalled("p"), Optional.empty()),
            Map.entry(new QueueEvent.TurnEnded("p"), Optional.empty()),
            Map.entry(new ReservationEvent.ReservationReleased("o"), Optional.of(new StockReleased("o"))),
            Map.entry(new ReservationEvent.ReservationSold("o"), Optional.empty()),
            Map.entry(new ReservationEvent.SaleReturned("o", "r"), Optional.of(new StockReturned("r", "o"))),
            Map.entry(new StockEvent.GoodsReceived("p", 1), Optional.empty()),
            Map.entry(new StockEvent.PiecesReserved("p", "o", 1), Optional.empty()),
            Map.entry(new StockEvent.PiecesReleased("p", "o", 1), Optional.empty()),
            Map.entry(new StockEvent.PiecesSold("p", "o", 1), Optional.empty()),
            Map.entry(new StockEvent.PiecesTakenBack("p", "o", 1), Optional.empty()));

    private final EventTypes types =
            EventTypes.merge(List.of(StockLanguage.stockEvents(), StockLanguage.publishedEvents()));
    private final Publications publications = StockLanguage.stockPublications();
    private final JsonCodec json = new JsonCodec();

    @Test
    void everyPrivateEventIsTriedHere() {
        Class<?>[] all = Stream.of(ReservationEvent.class, StockEvent.class, QueueEvent.class)
                .flatMap(family -> Stream.of(family.getPermittedSubclasses()))
                .toArray(Class<?>[]::new);
        assertThat(EVENTS.keySet().stream().map(Object::getClass)).containsExactlyInAnyOrder(all);
    }

    @Test
    void everyPrivateEventHasANameAndCanBeReadBack() {
        assertThat(EVENTS.keySet()).allSatisfy(event -> {
            assertThat(types.typeOf(event.getClass()).context()).isEqualTo("stock");
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
}
