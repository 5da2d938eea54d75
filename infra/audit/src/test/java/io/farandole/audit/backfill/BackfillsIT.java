package io.farandole.audit.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farandole.audit.backfill.Backfill.State;
import io.farandole.audit.reconcile.Side;
import io.farandole.messaging.Envelope;
import io.farandole.messaging.Outbox;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

class BackfillsIT {

    private Side order;
    private Backfills backfills;

    @BeforeEach
    void opens() {
        order = new Side("order");
        backfills = instance("one");
        for (int i = 0; i < 10; i++) {
            order.publishes(Side.PLACED, "o-" + i, "{\"n\":" + i + "}");
            order.keeps("o-" + i);
            order.publishes(Side.CANCELLED, "o-" + i, "{}");
        }
    }

    @AfterEach
    void closes() {
        order.close();
    }

    @Test
    void whatWasPublishedIsReadAsItWasPublishedUpToTheEndThatItHadThen() {
        List<Envelope> published = order.relays();
        Backfill begun = backfills.start(request("stock", List.of(), null));
        order.publishes(Side.PLACED, "later", "{}");
        order.relays();
        try (Outbox.Lease lease = backfills.acquire().orElseThrow()) {
            assertThat(backfills.follower()).isEqualTo("stock");
            Outbox.Batch first = lease.read(0, 7);
            Outbox.Batch rest = lease.read(first.upTo(), 1_000);
            assertThat(first.events()).isEqualTo(published.subList(0, 7));
            assertThat(rest.events()).isEqualTo(published.subList(7, 20));
            assertThat(rest.upTo()).isEqualTo(begun.upTo());
            lease.save(first.upTo());
            assertThat(lease.isDone()).isFalse();
            lease.save(rest.upTo());
            assertThat(lease.isDone()).isTrue();
        }
        Backfill ended = backfills.find(begun.id()).orElseThrow();
        assertThat(ended.state()).isEqualTo(State.DONE);
        assertThat(ended.events()).isEqualTo(20);
        assertThat(ended.endedAt()).isNotNull();
        assertThat(backfills.isWaiting()).isFalse();
        assertThat(backfills.acquire()).isEmpty();
    }

    @Test
    void whatTheRelayHasNotPassedYetIsWaitedFor() {
        backfills.start(request("stock", List.of(), null));
        try (Outbox.Lease lease = backfills.acquire().orElseThrow()) {
            assertThat(lease.read(0, 100)).isEqualTo(new Outbox.Batch(List.of(), 0));
            order.relays();
            assertThat(lease.read(0, 100).events()).hasSize(20);
        }
    }

    @Test
    void someTypesOrAPeriodCanBeChosen() {
        order.relays();
        backfills.start(request("payment", List.of(), null));
        try (Outbox.Lease lease = backfills.acquire().orElseThrow()) {
            assertThat(lease.read(0, 100).events()).hasSize(10).allSatisfy(event -> assertThat(event.type())
                    .isEqualTo(Side.CANCELLED));
        }
        refused(
                request("payment", List.of("order.order-placed.v1"), null),
                "payment does not follow order.order-placed.v1");
        refused(request("nobody", List.of(), null), "nobody is not declared to follow anything of order");
        refused(request("payment", List.of(), null), "A backfill of payment has not ended");
        refused(
                new BackfillRequest("stock", List.of(), Instant.now().plusSeconds(3_600), null, null, "ada", "why"),
                "There is no history in that period");
    }

    @Test
    void aRateIsKept() {
        order.relays();
        backfills.start(request("stock", List.of(), 1));
        try (Outbox.Lease lease = backfills.acquire().orElseThrow()) {
            assertThat(lease.read(0, 100).events()).hasSizeLessThan(5);
        }
    }

    @Test
    void whoIsKilledIsTakenOverFromAndGoesOnWhereItHadSaved() {
        order.relays();
        Backfill begun = backfills.start(request("stock", List.of(), null));
        Outbox.Lease dead = backfills.acquire().orElseThrow();
        long half = dead.read(0, 8).upTo();
        dead.save(half);
        Backfills other = instance("two");
        assertThat(other.acquire()).as("while the first one is heard of").isEmpty();
        new JdbcTemplate(order.dataSource())
                .update("update farandole.backfill set seen_at = seen_at - interval '1 minute'");
        try (Outbox.Lease lease = other.acquire().orElseThrow()) {
            assertThat(lease.position()).isEqualTo(half);
            assertThat(lease.read(half, 100).events()).hasSize(12);
            assertThatIllegalStateException().isThrownBy(() -> dead.save(begun.upTo()));
            lease.save(begun.upTo());
        }
        assertThat(backfills.find(begun.id()).orElseThrow().events()).isEqualTo(20);
    }

    @Test
    void aPersonStopsItForAWhileOrForGood() {
        order.relays();
        long id = backfills.start(request("stock", List.of(), null)).id();
        Outbox.Lease lease = backfills.acquire().orElseThrow();
        assertThat(backfills.pause(id, "ada", "too busy").orElseThrow().state()).isEqualTo(State.PAUSED);
        assertThatIllegalStateException().isThrownBy(() -> lease.save(5));
        lease.close();
        assertThat(backfills.acquire()).isEmpty();
        backfills.resume(id, "ada", "quiet again");
        backfills.acquire().orElseThrow().close();
        assertThat(backfills.cancel(id, "ada", "not needed").orElseThrow().state())
                .isEqualTo(State.CANCELLED);
        assertThatThrownBy(() -> backfills.resume(id, "ada", "again"))
                .isInstanceOf(BackfillRefusedException.class)
                .hasMessageContaining("is CANCELLED, so there is nothing to resume");
        assertThat(backfills.cancel(4_711, "ada", "x")).isEmpty();
    }

    @Test
    void whatHoldsOneUpIsToldAndDoesNotHoldUpAnother() {
        order.relays();
        backfills.trouble("nothing is asked for");
        long stock = backfills.start(request("stock", List.of(), null)).id();
        backfills.trouble("the broker is away");
        assertThat(trouble(stock)).as("before there was a lease").isEqualTo("the broker is away");
        backfills.acquire().orElseThrow().close();
        backfills.trouble("no queue is bound");
        Instant since = backfills.find(stock).orElseThrow().troubleSince();
        assertThat(since).isNotNull();
        backfills.trouble("no queue is bound");
        assertThat(trouble(stock)).isEqualTo("no queue is bound");
        assertThat(backfills.find(stock).orElseThrow().troubleSince()).isEqualTo(since);

        Backfill payment = backfills.start(request("payment", List.of(), null));
        try (Outbox.Lease lease = backfills.acquire().orElseThrow()) {
            assertThat(backfills.follower()).isEqualTo("payment");
            backfills.trouble("a connection has broken");
            assertThat(trouble(payment.id())).isEqualTo("a connection has broken");
            assertThat(trouble(stock)).isEqualTo("no queue is bound");
            backfills.trouble(null);
            assertThat(trouble(payment.id())).isNull();
            lease.save(payment.upTo());
        }

        try (Outbox.Lease lease = backfills.acquire().orElseThrow()) {
            assertThat(backfills.follower()).isEqualTo("stock");
            instance("two").trouble("not mine");
            assertThat(trouble(stock)).isEqualTo("no queue is bound");
            lease.save(5);
            assertThat(trouble(stock)).as("as soon as something is sent").isNull();
            backfills.trouble("again");
        }
        assertThat(backfills.pause(stock, "ada", "to be repaired").orElseThrow().trouble())
                .isNull();
        backfills.trouble("still");
        assertThat(trouble(stock)).as("it is not to go on").isNull();
    }

    private @Nullable String trouble(long id) {
        return backfills.find(id).orElseThrow().trouble();
    }

    private void refused(BackfillRequest request, String sentence) {
        assertThatThrownBy(() -> backfills.start(request))
                .isInstanceOf(BackfillRefusedException.class)
                .hasMessageContaining(sentence);
    }

    private Backfills instance(String name) {
        return new Backfills("order", Side.FOLLOWERS, order.dataSource(), name);
    }

    private static BackfillRequest request(String follower, List<String> types, @Nullable Integer rate) {
        return new BackfillRequest(follower, types, null, null, rate, "ada", "it joined later");
    }
}
