package io.farandole.rabbitmq;

import io.farandole.messaging.EventType;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Counts by name. */
final class CountingMetrics implements RabbitMetrics {

    private final Map<String, Integer> counts = new ConcurrentHashMap<>();

    int count(String name) {
        return counts.getOrDefault(name, 0);
    }

    private void add(String name, int by) {
        counts.merge(name, by, Integer::sum);
    }

    @Override
    public void published(EventType type, boolean followed) {
        add(followed ? "published" : "published-unfollowed", 1);
    }

    @Override
    public void confirmed(EventType type, Duration took) {
        add("confirmed", 1);
    }

    @Override
    public void nacked(EventType type) {
        add("nacked", 1);
    }

    @Override
    public void returned(EventType type) {
        add("returned", 1);
    }

    @Override
    public void confirmTimedOut(int unconfirmed) {
        add("confirm-timed-out", 1);
    }

    @Override
    public void received(int deliveries) {
        add("received", deliveries);
    }

    @Override
    public void appended(int events, int duplicates) {
        add("appended", events);
        add("duplicates", duplicates);
    }

    @Override
    public void setAside(RejectionReason reason) {
        add("set-aside", 1);
        add("set-aside-" + reason.code(), 1);
    }

    @Override
    public void putBack(int messages) {
        add("put-back", messages);
    }

    @Override
    public void appendFailed() {
        add("append-failed", 1);
    }

    @Override
    public void connectionLost(String user) {
        add("connection-lost-" + user, 1);
    }
}
