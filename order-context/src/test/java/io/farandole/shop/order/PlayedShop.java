package io.farandole.shop.order;

import io.farandole.messaging.Envelope;
import io.farandole.messaging.EventTypes;
import io.farandole.messaging.Inbox;
import io.farandole.messaging.JsonCodec;
import io.farandole.shop.kernel.Money;
import io.farandole.shop.kernel.payment.v1.PaymentAuthorized;
import io.farandole.shop.kernel.payment.v1.PaymentCaptured;
import io.farandole.shop.kernel.payment.v1.PaymentDeclined;
import io.farandole.shop.kernel.payment.v1.PaymentRefunded;
import io.farandole.shop.kernel.payment.v1.PaymentVoided;
import io.farandole.shop.kernel.stock.v1.StockReleased;
import io.farandole.shop.kernel.stock.v1.StockReservationRejected;
import io.farandole.shop.kernel.stock.v1.StockReserved;
import io.farandole.shop.kernel.stock.v1.StockReturned;
import io.farandole.shop.order.ordering.Line;
import io.farandole.shop.order.ordering.OrderCommand.PlaceOrder;
import io.farandole.shop.order.ordering.OrderCommand.RevokeOrder;
import io.farandole.testkit.Dance;
import io.farandole.testkit.Dancer;
import io.farandole.testkit.RunningContext;
import io.farandole.testservers.Patience;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** The order service on a real database, with stock and payment played: what they would send arrives in its journal. */
public final class PlayedShop implements AutoCloseable {

    private static final Money PRICE = new Money(990, "EUR");
    private static final List<String> COUNTED = List.of(
            "farandole.journal",
            "farandole.saga",
            "farandole.scheduled_tasks",
            "farandole.passed_deadline",
            "farandole.outside_call",
            "farandole.parked_process",
            "farandole.token_entry",
            "farandole.snapshot");

    private final Dance dance;
    private final RunningContext order;
    private final JdbcTemplate jdbc;
    private final Instant began = Instant.now();
    private final List<String> declined = new ArrayList<>();
    private final List<String> returned = new ArrayList<>();
    private long sequence;

    /** A shop of its own, with these properties. */
    public PlayedShop(Map<String, String> properties) {
        Dancer dancer = Dancer.of("order", OrderApplication.class).with("farandole.rabbitmq.enabled", "false");
        for (Map.Entry<String, String> property : properties.entrySet()) {
            dancer = dancer.with(property.getKey(), property.getValue());
        }
        dance = Dance.of(dancer);
        order = dance.context("order");
        jdbc = new JdbcTemplate(order.bean(DataSource.class));
    }

    /** Has so many orders go through everything that can happen to them, as a seed says; returns when all of it is handled. */
    public void play(int orders, long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < orders; i++) {
            place("order-" + seed + "-" + i, i % 5, random);
        }
        awaitEnds();
        awaitRest();
    }

    /** What waits for nothing any more but its time limit is cancelled by that, and then undone by the others. */
    private void awaitEnds() {
        Set<String> undone = new HashSet<>();
        Patience.await().pollInterval(Duration.ofMillis(300)).until(() -> {
            List<String> open =
                    jdbc.queryForList("select process_key from farandole.saga where ended_at is null", String.class);
            for (String id : open) {
                boolean cancelled = jdbc.queryForList(
                                "select payload_type from farandole.journal where own and aggregate_id = ?",
                                String.class,
                                id)
                        .contains("order.cancelled");
                if (cancelled && undone.add(id)) {
                    receive("stock", id, new StockReleased(id));
                    receive("payment", id, new PaymentVoided(id));
                }
            }
            return open.isEmpty();
        });
    }

    private void place(String id, int story, Random random) {
        order.send(new PlaceOrder(id, "c-1", "tok_ok", List.of(new Line("p-1", 1, PRICE))));
        switch (story) {
            case 0 -> sale(id, random);
            case 1 -> {
                declined.add(id);
                receive("stock", id, new StockReserved(id));
                receive("payment", id, new PaymentDeclined(id, "declined"));
                receive("stock", id, new StockReleased(id));
            }
            case 2 -> {
                receive("stock", id, new StockReservationRejected(id, "p-1", "insufficient-stock"));
                receive("payment", id, new PaymentVoided(id));
            }
            case 3 -> returned(id, random);
            default -> receive("stock", id, new StockReserved(id)); // and then nothing: its time limit passes
        }
    }

    private void sale(String id, Random random) {
        if (random.nextBoolean()) {
            receive("stock", id, new StockReserved(id));
            receive("payment", id, new PaymentAuthorized(id, PRICE));
        } else {
            receive("payment", id, new PaymentAuthorized(id, PRICE));
            receive("stock", id, new StockReserved(id));
        }
        receive("payment", id, new PaymentCaptured(id, PRICE));
    }

    private void returned(String id, Random random) {
        sale(id, random);
        awaitOwn(id, "order.fulfilled", "order.cancelled");
        order.send(new RevokeOrder(id, "test"));
        List<String> keys = jdbc.queryForList(
                "select process_key from farandole.journal where own and aggregate_id = ? and payload_type = 'order.returned'",
                String.class,
                id);
        for (String key : keys) {
            returned.add(key);
            receive("stock", key, new StockReturned(key, id));
            receive("payment", key, new PaymentRefunded(id, key, PRICE));
        }
    }

    /** Has an event of another context arrive. */
    public void receive(String context, String processKey, Object event) {
        order.bean(Inbox.class)
                .append(List.of(new Envelope(
                        UUID.randomUUID().toString(),
                        context,
                        types().typeOf(event.getClass()),
                        processKey,
                        Instant.now(),
                        processKey,
                        ++sequence,
                        null,
                        null,
                        null,
                        null,
                        new JsonCodec().write(event))));
    }

    private EventTypes types() {
        return order.bean(io.farandole.eventstore.RegistrySerializer.class).types();
    }

    private void awaitOwn(String id, String... types) {
        Patience.await().until(() -> {
            List<String> happened = jdbc.queryForList(
                    "select payload_type from farandole.journal where own and aggregate_id = ?", String.class, id);
            return happened.stream().anyMatch(List.of(types)::contains);
        });
    }

    /** Until nothing moves any more: a processor's token stands still where there is nothing for it, so it does not tell. */
    private void awaitRest() {
        List<Map<String, Long>> before = new ArrayList<>(List.of(Map.of()));
        Patience.await().pollInterval(Duration.ofMillis(700)).until(() -> {
            Map<String, Long> now = rows();
            return before.set(0, now).equals(now);
        });
    }

    private long count(String sql) {
        Long count = jdbc.queryForObject(sql, Long.class);
        return count == null ? 0 : count;
    }

    /** How many rows each table of the framework has, and how often the sagas were written. */
    public Map<String, Long> rows() {
        Map<String, Long> rows = new TreeMap<>();
        COUNTED.forEach(table -> rows.put(table, count("select count(*) from " + table)));
        rows.put("versions", count("select coalesce(sum(version), 0) from farandole.saga"));
        return rows;
    }

    /** The orders whose payment was declined. */
    public List<String> declined() {
        return declined;
    }

    /** The processes of returns. */
    public List<String> returns() {
        return returned;
    }

    /** When it was opened. */
    public Instant began() {
        return began;
    }

    /** The order service. */
    public RunningContext context() {
        return order;
    }

    /** One of its beans. */
    public <T> T bean(Class<T> type) {
        return order.bean(type);
    }

    @Override
    public void close() {
        dance.close();
    }
}
