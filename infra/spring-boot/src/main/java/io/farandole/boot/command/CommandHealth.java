package io.farandole.boot.command;

import io.farandole.axon.StoredCommands.Backlog;
import java.time.Duration;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/** Down while commands cannot be received, carried out or answered, or one has waited for too long; says how many wait. */
class CommandHealth extends AbstractHealthIndicator {

    private final CommandsOverAmqp commands;
    private final Duration longestWait;

    CommandHealth(CommandsOverAmqp commands, Duration longestWait) {
        super("The commands that wait cannot be counted");
        this.commands = commands;
        this.longestWait = longestWait;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        if (!commands.isRunning()) {
            builder.outOfService();
            return;
        }
        builder.up();
        // Before the database is asked, for that may fail, and its failure is told as well.
        commands.troubles().forEach((part, trouble) -> builder.down().withDetail(part, trouble));
        Backlog backlog = commands.backlog();
        if (backlog.oldest().compareTo(longestWait) > 0) {
            builder.down();
        }
        builder.withDetail("waiting", backlog.waiting())
                .withDetail("failing", backlog.failing())
                .withDetail("unsent", backlog.unsent())
                .withDetail("oldest", backlog.oldest().toString());
    }
}
