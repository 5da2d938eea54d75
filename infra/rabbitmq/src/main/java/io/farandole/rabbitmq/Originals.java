package io.farandole.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a message is kept when it leaves its way: the same bytes, the same properties, and headers that say where it came
 * from. Only what would make the broker refuse, expire or multiply the copy moves into headers of its own: the user id
 * (one may not publish in another's name), the expiration, and the sender-selected routing keys.
 */
final class Originals {

    private static final String DELIVERY_COUNT = "x-delivery-count";
    private static final String FIRST_DEATH_EXCHANGE = "x-first-death-exchange";
    private static final int MAX_DETAIL = 200;

    private Originals() {}

    /** The exchange that a delivery came through at first. */
    static String exchange(String parking, String exchange, BasicProperties properties) {
        if (!exchange.equals(parking)) {
            return exchange;
        }
        String original = header(properties, WireHeaders.ORIGINAL_EXCHANGE);
        String dead = header(properties, FIRST_DEATH_EXCHANGE);
        return original != null ? original : dead != null ? dead : exchange;
    }

    /** The sender that the broker vouched for at first; null if there was none. */
    static @Nullable String userId(String parking, String exchange, BasicProperties properties) {
        return exchange.equals(parking) ? header(properties, WireHeaders.ORIGINAL_USER_ID) : properties.getUserId();
    }

    /** A header's text; null if it is not there. */
    static @Nullable String header(BasicProperties properties, String name) {
        Map<String, Object> headers = properties.getHeaders();
        Object value = headers == null ? null : headers.get(name);
        return value == null ? null : value.toString();
    }

    /** The properties under which a delivery is set aside. */
    static BasicProperties setAside(
            String parking, Delivered delivery, RejectedMessageException rejection, String unhandledId, Instant now) {
        Map<String, Object> headers = origin(parking, delivery);
        addReason(headers, rejection, unhandledId, now);
        return travelling(delivery.properties()).headers(headers).build();
    }

    /** The same without the original headers, for a message that the broker takes in no other way. */
    static BasicProperties setAsideBare(RejectedMessageException rejection, String unhandledId, Instant now) {
        Map<String, Object> headers = new LinkedHashMap<>();
        addReason(headers, rejection, unhandledId, now);
        return new BasicProperties.Builder().deliveryMode(2).headers(headers).build();
    }

    /** The properties under which a message goes back to the inbox. */
    static BasicProperties putBack(String parking, Delivered delivery) {
        Map<String, Object> headers = origin(parking, delivery);
        headers.remove(WireHeaders.REASON);
        headers.remove(WireHeaders.DETAIL);
        headers.remove(WireHeaders.UNHANDLED_ID);
        headers.remove(WireHeaders.SET_ASIDE_AT);
        return travelling(delivery.properties()).headers(headers).build();
    }

    private static BasicProperties.Builder travelling(BasicProperties original) {
        return original.builder().userId(null).expiration(null).deliveryMode(2);
    }

    private static void addReason(
            Map<String, Object> headers, RejectedMessageException rejection, String unhandledId, Instant now) {
        String detail = rejection.detail();
        headers.put(WireHeaders.REASON, rejection.reason().code());
        headers.put(WireHeaders.DETAIL, detail.length() > MAX_DETAIL ? detail.substring(0, MAX_DETAIL) : detail);
        headers.put(WireHeaders.UNHANDLED_ID, unhandledId);
        headers.put(WireHeaders.SET_ASIDE_AT, now.toString());
    }

    private static Map<String, Object> origin(String parking, Delivered delivery) {
        BasicProperties properties = delivery.properties();
        Map<String, Object> headers = new LinkedHashMap<>();
        if (properties.getHeaders() != null) {
            headers.putAll(properties.getHeaders());
        }
        headers.remove(DELIVERY_COUNT);
        for (String selected : new String[] {"CC", "BCC"}) {
            Object keys = headers.remove(selected);
            if (keys != null) {
                headers.put("farandole-original-" + selected, keys);
            }
        }
        // What has been set aside before carries its origin already; what the broker dead-lettered carries part of it.
        headers.putIfAbsent(WireHeaders.ORIGINAL_EXCHANGE, exchange(parking, delivery.exchange(), properties));
        headers.putIfAbsent(WireHeaders.ORIGINAL_ROUTING_KEY, delivery.routingKey());
        putIfAbsent(headers, WireHeaders.ORIGINAL_USER_ID, properties.getUserId());
        putIfAbsent(headers, WireHeaders.ORIGINAL_EXPIRATION, properties.getExpiration());
        return headers;
    }

    private static void putIfAbsent(Map<String, Object> headers, String name, @Nullable String value) {
        if (value != null) {
            headers.putIfAbsent(name, value);
        }
    }
}
