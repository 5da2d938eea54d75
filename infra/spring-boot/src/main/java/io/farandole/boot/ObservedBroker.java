package io.farandole.boot;

import io.farandole.messaging.EventType;
import io.farandole.rabbitmq.RabbitMetrics;
import io.farandole.rabbitmq.RejectionReason;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;

/** What relay and listener do, as Micrometer meters {@code farandole.relay.*} and {@code farandole.listener.*}. */
class ObservedBroker implements RabbitMetrics {

    private final MeterRegistry meters;

    ObservedBroker(MeterRegistry meters) {
        this.meters = meters;
    }

    @Override
    public void published(EventType type, boolean followed) {
        meters.counter("farandole.relay.published", "type", type.wireType(), "followed", String.valueOf(followed))
                .increment();
    }

    @Override
    public void confirmed(EventType type, Duration took) {
        meters.timer("farandole.relay.confirm", "type", type.wireType()).record(took);
    }

    @Override
    public void nacked(EventType type) {
        meters.counter("farandole.relay.nacked", "type", type.wireType()).increment();
    }

    @Override
    public void returned(EventType type) {
        meters.counter("farandole.relay.returned", "type", type.wireType()).increment();
    }

    @Override
    public void confirmTimedOut(int unconfirmed) {
        meters.counter("farandole.relay.confirm.timeouts").increment();
    }

    @Override
    public void received(int deliveries) {
        meters.counter("farandole.listener.received").increment(deliveries);
    }

    @Override
    public void appended(int events, int duplicates) {
        meters.counter("farandole.listener.appended").increment(events);
        meters.counter("farandole.listener.duplicates").increment(duplicates);
        meters.summary("farandole.listener.batch").record(events + (double) duplicates);
    }

    @Override
    public void setAside(RejectionReason reason) {
        meters.counter("farandole.listener.set.aside", "reason", reason.toString())
                .increment();
    }

    @Override
    public void putBack(int messages) {
        meters.counter("farandole.listener.put.back").increment(messages);
    }

    @Override
    public void appendFailed() {
        meters.counter("farandole.listener.append.failures").increment();
    }

    @Override
    public void connectionLost(String user) {
        meters.counter("farandole.connections.lost", "user", user).increment();
    }
}
