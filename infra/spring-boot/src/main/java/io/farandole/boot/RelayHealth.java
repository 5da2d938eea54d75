package io.farandole.boot;

import io.farandole.rabbitmq.RelayStatus;
import java.time.Clock;
import java.util.function.Supplier;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/** Down while nothing can be published; says what must be repaired, and how long the oldest event has waited. */
class RelayHealth extends AbstractHealthIndicator {

    private final Supplier<RelayStatus> status;
    private final Clock clock;

    RelayHealth(Supplier<RelayStatus> status, Clock clock) {
        super("The relay's status cannot be read");
        this.status = status;
        this.clock = clock;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        RelayStatus now = status.get();
        switch (now.state()) {
            case RELAYING, STANDBY -> builder.up();
            case STOPPED -> builder.outOfService();
            case CONNECTING, STORE_UNAVAILABLE, BLOCKED, HALTED -> builder.down();
        }
        builder.withDetail("state", now.state())
                .withDetail("confirmedPosition", now.confirmedPosition())
                .withDetail("savedPosition", now.savedPosition())
                .withDetail("inFlight", now.inFlight())
                .withDetail("lag", now.lag(clock.instant()).toString());
        Details.add(builder, "blocked", now.blocked());
        Details.add(builder, "lastError", now.lastError());
        Details.add(builder, "lastErrorAt", now.lastErrorAt());
        Details.add(builder, "warning", now.warning());
    }
}
