package io.farandole.audit.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.farandole.messaging.Envelope;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ExchangesIT {

    private static final List<TypeFrom> BOTH =
            List.of(new TypeFrom("order.order-placed.v1", 0), new TypeFrom("order.order-cancelled.v1", 0));

    private Side order;
    private Side stock;

    @BeforeEach
    void opens() {
        order = new Side("order");
        stock = new Side("stock");
    }

    @AfterEach
    void closes() {
        order.close();
        stock.close();
    }

    @Test
    void whatWasReceivedAsItWasPublishedHasTheSameDigests() {
        List<Envelope> sent = published(300);
        Collections.shuffle(sent);
        stock.receives(sent);
        long last = order.exchanges.overview().published();

        List<RangeDigest> here = order.exchanges.digests(null, BOTH, 0, last, 7);
        assertThat(here).hasSizeBetween(6, 7);
        assertThat(stock.exchanges.digests("order", BOTH, 0, last, 7)).isEqualTo(here);
        assertThat(here.stream().mapToLong(RangeDigest::events).sum()).isEqualTo(600);
        assertThat(here.get(0).from()).isZero();
        assertThat(stock.exchanges.digests("payment", BOTH, 0, last, 7)).isEmpty();
    }

    @Test
    void anyDifferenceChangesTheDigestOfItsRangeAlone() {
        stock.receives(published(100));
        long last = order.exchanges.overview().published();
        List<RangeDigest> before = stock.exchanges.digests("order", BOTH, 0, last, 10);
        for (String change : List.of(
                "payload = payload || ' '",
                "process_key = process_key || 'x'",
                "wire_type = 'order.order-placed.v1'",
                "event_id = event_id || 'x'")) {
            stock.admin.update("update farandole.journal set " + change + " where position = (select max(position)"
                    + " from farandole.journal where wire_type = 'order.order-cancelled.v1')");
            List<RangeDigest> after = stock.exchanges.digests("order", BOTH, 0, last, 10);
            assertThat(after.subList(0, 9)).as(change).isEqualTo(before.subList(0, 9));
            assertThat(after.get(9).digest())
                    .as(change)
                    .isNotEqualTo(before.get(9).digest());
            before = after;
        }
    }

    @Test
    void typesCountFromThePositionThatIsGivenForThem() {
        published(10);
        long last = order.exchanges.overview().published();
        List<ExchangedEvent> all = order.exchanges.events(null, BOTH, 0, last, 100);
        assertThat(all).hasSize(20).isSortedAccordingTo((a, b) -> Long.compare(a.position(), b.position()));
        List<TypeFrom> some =
                TypeFrom.parse("order.order-placed.v1@" + all.get(10).position());
        assertThat(order.exchanges.events(null, some, 0, last, 100))
                .hasSize(5)
                .allSatisfy(event -> assertThat(event.type()).isEqualTo("order.order-placed.v1"));
        assertThat(order.exchanges.events(
                        null, BOTH, all.get(2).position(), all.get(5).position(), 100))
                .isEqualTo(all.subList(3, 6));
        assertThat(order.exchanges.digests(null, some, 0, last, 1).get(0).events())
                .isEqualTo(5);
        assertThatIllegalArgumentException().isThrownBy(() -> TypeFrom.parse("order.order-placed.v1"));
        assertThatIllegalArgumentException().isThrownBy(() -> order.exchanges.digests(null, BOTH, 5, 5, 1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> order.exchanges.digests(null, BOTH, 0, Exchanges.WIDEST + 1, 1));
    }

    @Test
    void anEventIsFoundByItsIdOnBothSides() {
        List<Envelope> sent = published(5);
        stock.receives(sent.subList(0, 3));
        List<String> ids = sent.stream().map(Envelope::id).toList();
        assertThat(order.exchanges.events(null, ids)).hasSize(10);
        List<ExchangedEvent> received = stock.exchanges.events("order", ids);
        assertThat(received).extracting(ExchangedEvent::eventId).containsExactlyElementsOf(ids.subList(0, 3));
        assertThat(received.get(0).body())
                .isEqualTo(order.exchanges.events(null, ids).get(0).body());
        order.keeps("o-1");
        String secret = order.admin.queryForObject(
                "select event_id from farandole.journal where wire_type is null limit 1", String.class);
        assertThat(order.exchanges.events(null, List.of(String.valueOf(secret))))
                .singleElement()
                .satisfies(event -> assertThat(event.type()).isNull());
    }

    @Test
    void anEventBehindALaterOneOfItsProcessIsTold() {
        order.publishes(Side.PLACED, "o-1", "{}");
        order.publishes(Side.PLACED, "o-2", "{}");
        order.publishes(Side.CANCELLED, "o-1", "{}");
        order.publishes(Side.CANCELLED, "o-2", "{}");
        List<Envelope> sent = order.relays();
        stock.receives(List.of(sent.get(1), sent.get(2), sent.get(3), sent.get(0)));
        assertThat(stock.exchanges.overtaken("order", 10))
                .singleElement()
                .isEqualTo(new Overtaken(
                        sent.get(0).sequence(),
                        sent.get(0).id(),
                        "order.order-placed.v1",
                        "o-1",
                        sent.get(2).sequence()));
    }

    @Test
    void theOverviewTellsWhoFollowsWhatAndHowFarBothHaveCome() {
        stock.receives(published(4));
        order.publishes(Side.PLACED, "late", "{}");
        ExchangeOverview here = order.exchanges.overview();
        assertThat(here.context()).isEqualTo("order");
        assertThat(here.publishes())
                .containsEntry("order.order-placed.v1", List.of("stock"))
                .containsEntry("order.order-cancelled.v1", List.of("payment", "stock"));
        assertThat(here.waiting()).isEqualTo(1);
        assertThat(here.waitingSince()).isBeforeOrEqualTo(here.now());
        assertThat(here.heard()).isEmpty();
        ExchangeOverview there = stock.exchanges.overview();
        assertThat(there.publishes()).isEmpty();
        assertThat(there.waiting()).isZero();
        assertThat(there.waitingSince()).isNull();
        assertThat(there.heard())
                .extracting(ExchangeOverview.Heard::type)
                .containsExactly("order.order-cancelled.v1", "order.order-placed.v1");
        assertThat(there.heard().get(0).last()).isEqualTo(here.published());
    }

    @Test
    void aTimeHasAFirstPosition() {
        published(3);
        assertThat(order.exchanges.positionAt(Instant.EPOCH)).isEqualTo(1);
        assertThat(order.exchanges.positionAt(Instant.now().plusSeconds(3_600)))
                .isGreaterThan(order.exchanges.overview().published());
    }

    private List<Envelope> published(int orders) {
        for (int i = 0; i < orders; i++) {
            order.publishes(Side.PLACED, "o-" + i, "{\"lines\":" + i + "}");
            order.keeps("o-" + i);
            order.publishes(Side.CANCELLED, "o-" + i, "{\"reason\":\"é " + i + "\"}");
        }
        return new ArrayList<>(order.relays());
    }
}
