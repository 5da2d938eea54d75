package io.farandole.axon;

import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.axonframework.common.AxonThreadFactory;

/**
 * A coordinator's thread that waits at most a few seconds: after an outage of the database Axon's coordinator waits twice as
 * long each time, up to a minute, which would add as much again to an outage that is over. Its other waits are shorter anyway.
 */
final class PromptExecutor extends ScheduledThreadPoolExecutor {

    private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

    PromptExecutor(String name) {
        super(1, new AxonThreadFactory(name));
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
        return super.schedule(command, Math.min(unit.toMillis(delay), LONGEST_WAIT.toMillis()), TimeUnit.MILLISECONDS);
    }
}
