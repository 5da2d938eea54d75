package io.farandole.acceptance.chaos;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.GetResponse;
import io.farandole.acceptance.shop.RunningShop;
import io.farandole.shop.kernel.PublishedLanguage;
import io.farandole.testservers.TestBroker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeoutException;

/**
 * Messages that are no events, published in a context's name. Each that the broker has confirmed must be set aside by each follower
 * of its routing key, and nothing else may be. Used by one thread at a time.
 */
final class Poison {

    private static final String MARK = "chaos-poison";
    private static final long CONFIRM_MILLIS = 10_000;
    private static final int TOO_LONG = (1 << 20) + 1;

    private final RunningShop shop;
    private final Map<String, Set<String>> expected = new HashMap<>();
    private int count;

    Poison(RunningShop shop) {
        this.shop = shop;
    }

    /** How many were confirmed. */
    synchronized int count() {
        return count;
    }

    /**
     * Publishes one of each kind.
     *
     * @throws IOException if the broker is away; what was confirmed until then counts
     */
    synchronized void publish(String context, int number) throws IOException, TimeoutException, InterruptedException {
        List<PublishedLanguage.Entry<?>> types = new ArrayList<>();
        for (PublishedLanguage.Entry<?> entry : PublishedLanguage.ENTRIES) {
            if (entry.name().startsWith(context + ".") && !entry.followers().isEmpty()) {
                types.add(entry);
            }
        }
        PublishedLanguage.Entry<?> entry = types.get(number % types.size());
        TestBroker.ContextUser user = shop.users().get(context);
        if (user == null) {
            throw new IllegalArgumentException("No user for " + context);
        }
        try (Connection connection = shop.broker().connectionFactory(user).newConnection("chaos-poison");
                Channel channel = connection.createChannel()) {
            channel.confirmSelect();
            for (Kind kind : Kind.values()) {
                String mark = context + "-" + number + "-" + kind + "-" + count;
                channel.basicPublish(
                        context + ".events",
                        entry.wireType(),
                        true,
                        kind.properties(entry, context, mark),
                        kind.body());
                channel.waitForConfirmsOrDie(CONFIRM_MILLIS);
                count++;
                entry.followers().forEach(follower -> expected.computeIfAbsent(follower, key -> new HashSet<>())
                        .add(mark));
            }
        }
    }

    /** What is wrong with what was set aside; empty if each poisoned message was, and nothing else. */
    synchronized List<String> faults() throws IOException, TimeoutException {
        List<String> faults = new ArrayList<>();
        try (Connection connection = shop.broker().adminConnectionFactory().newConnection("chaos-poison-check")) {
            for (String context : shop.users().keySet()) {
                Set<String> missing = new HashSet<>(expected.getOrDefault(context, Set.of()));
                try (Channel channel = connection.createChannel()) {
                    for (GetResponse got = channel.basicGet(context + ".unhandled", false);
                            got != null;
                            got = channel.basicGet(context + ".unhandled", false)) {
                        Map<String, Object> headers = got.getProps().getHeaders();
                        Object mark = headers == null ? null : headers.get(MARK);
                        if (mark == null) {
                            faults.add(context + " has set aside an innocent message: "
                                    + got.getProps().getType() + " " + headers);
                        } else {
                            missing.remove(mark.toString());
                        }
                    }
                }
                missing.forEach(mark -> faults.add(context + " has not set aside " + mark));
            }
            for (String context : shop.users().keySet()) {
                try (Channel channel = connection.createChannel()) {
                    long dead = channel.messageCount(context + ".inbox.dlq");
                    if (dead > 0) {
                        faults.add(dead + " messages of " + context + " were dead-lettered by the broker");
                    }
                }
            }
        }
        return faults;
    }

    /** How a message can be none. */
    private enum Kind {
        NO_ID,
        BAD_JSON,
        UNKNOWN_VERSION,
        NOT_UTF8,
        TOO_LONG_BODY;

        AMQP.BasicProperties properties(PublishedLanguage.Entry<?> entry, String context, String mark) {
            String type = this == UNKNOWN_VERSION ? entry.name() + ".v999" : entry.wireType();
            Map<String, Object> headers = new HashMap<>();
            headers.put(MARK, mark);
            headers.put("cloudEvents:source", context);
            headers.put("cloudEvents:type", type);
            headers.put("cloudEvents:time", Instant.now().toString());
            headers.put("farandole-process-key", mark);
            AMQP.BasicProperties.Builder properties = new AMQP.BasicProperties.Builder()
                    .deliveryMode(2)
                    .contentType("application/json")
                    .type(type)
                    .userId(context)
                    .timestamp(Date.from(Instant.now()))
                    .headers(headers);
            return this == NO_ID
                    ? properties.build()
                    : properties.messageId(mark).build();
        }

        byte[] body() {
            return switch (this) {
                case BAD_JSON -> "{\"orderId\":".getBytes(StandardCharsets.UTF_8);
                case NOT_UTF8 -> new byte[] {'{', '"', (byte) 0xC3, (byte) 0x28, '"', ':', '1', '}'};
                case TOO_LONG_BODY -> new byte[TOO_LONG];
                case NO_ID, UNKNOWN_VERSION -> "{}".getBytes(StandardCharsets.UTF_8);
            };
        }
    }
}
