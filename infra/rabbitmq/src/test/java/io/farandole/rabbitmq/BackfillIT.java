package io.farandole.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.rabbitmq.client.Channel;
import io.farandole.messaging.Envelope;
import io.farandole.messaging.Outbox;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** History that is sent to one follower, and live events that wait for it. */
class BackfillIT {

    private final Rig rig = Rig.provided();
    private final RecordingOutbox history = new RecordingOutbox();
    private final RecordingInbox stock = new RecordingInbox();

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void historyReachesOneFollowerAloneInOrder() throws Exception {
        Random random = new Random(11);
        for (int i = 0; i < 1_000; i++) {
            history.append(Events.PLACED, "order-" + random.nextInt(30));
        }
        listen("stock.backfill");
        rig.start(backfill("stock"));
        Rig.await(() -> stock.size() == 1_000 && history.saved() == 2_000);
        Orders.assertSame(history.events(), stock.events());
        for (String queue :
                List.of("stock.inbox", "payment.inbox", "payment.backfill", "order.backfill", "stock.unhandled")) {
            assertThat(rig.ready(queue)).as(queue).isZero();
        }
    }

    @Test
    void liveEventsWaitWhileAFollowerJoins() throws Exception {
        RecordingOutbox live = new RecordingOutbox();
        for (int i = 0; i < 300; i++) {
            history.append(Events.PLACED, "order-" + i % 20);
        }
        List<Envelope> all = new ArrayList<>(history.events());
        // What was published after the binding was there is in both: here the last third.
        all.subList(200, 300).forEach(live::append);
        for (int i = 0; i < 100; i++) {
            Envelope later = Events.event(Events.PLACED, "later-" + i, "order-" + i % 20, 1_000 + i);
            live.append(later);
            all.add(later);
        }
        rig.start(Relay.builder(Events.spec("order"), rig.broker("order"), live)
                .settings(Rig.quickRelay())
                .build());
        Rig.await(() -> live.saved() == 1_099);

        Listener joining = listen("stock.backfill");
        rig.start(backfill("stock"));
        Rig.await(() -> stock.size() == 300);
        assertThat(rig.ready("stock.inbox")).isEqualTo(200);
        joining.stop();
        listen("stock.inbox", "stock.backfill");
        Rig.await(() -> stock.size() == 400);
        Orders.assertSame(all, stock.events());
        assertThat(stock.duplicates()).isEqualTo(100);
    }

    @Test
    void aFollowerWithoutItsQueueHaltsItAndLosesNothing() throws Exception {
        history.append(Events.PLACED, "order-1");
        Channel admin = rig.adminChannel();
        admin.queueUnbind("stock.backfill", "order.backfill", "stock");
        listen("stock.backfill");
        Relay relay = rig.start(backfill("stock"));
        Rig.await(() -> relay.status().state() == RelayStatus.State.HALTED);
        assertThat(relay.status().lastError())
                .contains("No queue is bound to exchange order.backfill with routing key stock")
                .contains("Load the definitions");
        admin.queueBind("stock.backfill", "order.backfill", "stock");
        Rig.await(() -> stock.size() == 1);
    }

    @Test
    void whatHaltedItForOneFollowerIsForgottenWithTheNextOne() throws Exception {
        history.append(Events.event(Events.PLACED, "far", "order-1", 5_000));
        RecordingOutbox others = new RecordingOutbox();
        others.append(Events.PLACED, "order-1");
        AtomicBoolean next = new AtomicBoolean();
        Channel admin = rig.adminChannel();
        admin.queueUnbind("stock.backfill", "order.backfill", "stock");
        Relay relay = rig.start(Relay.builder(Events.spec("order"), rig.broker("order"), new Outbox() {
                    @Override
                    public Optional<Lease> acquire() {
                        return (next.get() ? others : history).acquire();
                    }

                    @Override
                    public AutoCloseable onAppend(Runnable listener) {
                        return () -> {};
                    }
                })
                .settings(Rig.quickRelay())
                .follower(() -> next.get() ? "payment" : "stock")
                .build());
        Rig.await(() -> relay.status().state() == RelayStatus.State.HALTED);
        next.set(true);
        Rig.await(() -> others.saved() == 2);
        assertThat(rig.ready("payment.backfill")).isEqualTo(1);
        assertThat(relay.status().state()).isEqualTo(RelayStatus.State.RELAYING);
        assertThat(relay.status().lastError()).isNull();
    }

    @Test
    void nobodyElseMaySendHistoryOrHelpHimselfToIt() throws Exception {
        Channel publisher = rig.channel("payment");
        publisher.basicPublish("order.backfill", "stock", null, new byte[0]);
        Rig.await(() -> !publisher.isOpen());
        assertThat(publisher.getCloseReason()).hasMessageContaining("ACCESS_REFUSED");
        Channel curious = rig.channel("payment");
        assertThatThrownBy(() -> curious.queueBind("payment.backfill", "order.backfill", "stock"))
                .isInstanceOf(IOException.class)
                .hasStackTraceContaining("ACCESS_REFUSED");
    }

    private Relay backfill(String follower) {
        return Relay.builder(Events.spec("order"), rig.broker("order"), history)
                .settings(Rig.quickRelay())
                .follower(() -> follower)
                .build();
    }

    private Listener listen(String... queues) {
        return rig.start(Listener.builder(Events.spec("stock"), rig.broker("stock"), stock)
                .queues(List.of(queues))
                .settings(Rig.quickListener())
                .build());
    }
}
