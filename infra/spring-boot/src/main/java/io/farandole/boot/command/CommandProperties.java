package io.farandole.boot.command;

import io.farandole.axon.CommandSettings;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Commands that other services send over the broker, where this context accepts any.
 *
 * @param enabled whether this instance takes, carries out and answers them; another instance may
 * @param maxBody the longest body that is read; a longer one is refused. Default 64 KB
 * @param prefetch deliveries that the broker hands out ahead. Default 1000
 * @param batchSize stored in one transaction at most; not more than the prefetch. Default 500
 * @param executeBatch carried out in one transaction at most. Default 64
 * @param attempts so often a command that fails is tried before it is refused for good. Default 5
 * @param initialBackOff wait after its first failure; doubles. Default 1 s
 * @param maxBackOff longest wait after a failure. Default 1 min
 * @param poll how often an instance looks for what another one has left. Default 1 s
 * @param maxBehind while this instance's sagas are further behind the journal than this, nothing is carried out; 0 for no limit.
 *     Default 20000
 * @param remember how long answers are remembered: a command that is repeated after that is a new one. Default 7 days
 * @param longestWait the service's health is down while a command has waited for longer than this. Default 5 min
 */
@ConfigurationProperties("farandole.commands")
public record CommandProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("64KB") DataSize maxBody,
        @DefaultValue("1000") int prefetch,
        @DefaultValue("500") int batchSize,
        @DefaultValue("64") int executeBatch,
        @DefaultValue("5") int attempts,
        @DefaultValue("1s") Duration initialBackOff,
        @DefaultValue("1m") Duration maxBackOff,
        @DefaultValue("1s") Duration poll,
        @DefaultValue("20000") long maxBehind,
        @DefaultValue("7d") Duration remember,
        @DefaultValue("5m") Duration longestWait) {

    public CommandProperties {
        if (maxBody.toBytes() < 1 || maxBody.toBytes() > (1 << 20)) {
            throw new IllegalArgumentException("farandole.commands.max-body is 1 byte to 1 MB, not " + maxBody);
        }
        if (remember.isNegative() || remember.isZero()) {
            throw new IllegalArgumentException("farandole.commands.remember is a positive duration");
        }
        if (longestWait.isNegative() || longestWait.isZero()) {
            throw new IllegalArgumentException("farandole.commands.longest-wait is a positive duration");
        }
    }

    CommandSettings settings() {
        return new CommandSettings(executeBatch, attempts, initialBackOff, maxBackOff, poll, maxBehind);
    }
}
