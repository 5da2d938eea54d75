package io.farandole.boot;

import io.farandole.rabbitmq.ListenerStatus;
import java.util.function.Supplier;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/** Down while nothing can be received; counts what was received, doubled and set aside. */
class ListenerHealth extends AbstractHealthIndicator {

    private final Supplier<ListenerStatus> status;

    ListenerHealth(Supplier<ListenerStatus> status) {
        super("The listener's status cannot be read");
        this.status = status;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        ListenerStatus now = status.get();
        switch (now.state()) {
            case LISTENING -> builder.up();
            case STOPPED -> builder.outOfService();
            case CONNECTING, STORE_UNAVAILABLE, PARKING_UNAVAILABLE -> builder.down();
        }
        builder.withDetail("state", now.state())
                .withDetail("received", now.received())
                .withDetail("appended", now.appended())
                .withDetail("duplicates", now.duplicates())
                .withDetail("setAside", now.setAside())
                .withDetail("unsettled", now.unsettled());
        Details.add(builder, "lastAppended", now.lastAppended());
        Details.add(builder, "lastError", now.lastError());
        Details.add(builder, "lastErrorAt", now.lastErrorAt());
    }
}
