package io.farandole.axon;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.commandhandling.gateway.RetryScheduler;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Repeats a command that came from outside (an HTTP request) and met another writer of its aggregate: version conflict,
 * deadlock, lock not available. After 2 ms, doubled each time up to 100 ms. Anything else goes to the caller at once: a
 * refusal would be refused again, and after a lost connection nobody knows what became of the command.
 *
 * <p>Only at the root: a command that is sent while a unit of work is open belongs to that step, which is repeated as a
 * whole by its processor; repeating the command alone, outside, would give it effects that the step does not know of. For a
 * {@code SimpleCommandBus}, which answers on the thread that sent the command. Thread-safe.
 *
 * <p>Use it with {@code DefaultCommandGateway.builder().retryScheduler(...)}.
 */
public final class ConflictRetryScheduler implements RetryScheduler {

    /** With {@code attempts} from 1: about half a second in all. */
    public static final int DEFAULT_ATTEMPTS = 10;

    private static final Logger log = LoggerFactory.getLogger(ConflictRetryScheduler.class);

    private static final Duration FIRST_WAIT = Duration.ofMillis(2);
    private static final Duration LONGEST_WAIT = Duration.ofMillis(100);

    private final ScheduledExecutorService executor;
    private final int attempts;

    /**
     * @param executor on whose threads commands are repeated; shut down by its owner
     * @param attempts at a command, the first included; at least 1
     */
    public ConflictRetryScheduler(ScheduledExecutorService executor, int attempts) {
        if (attempts < 1) {
            throw new IllegalArgumentException("attempts must be at least 1, but is " + attempts);
        }
        this.executor = executor;
        this.attempts = attempts;
    }

    @Override
    @SuppressWarnings("rawtypes") // as in Axon's interface
    public boolean scheduleRetry(
            CommandMessage command,
            RuntimeException lastFailure,
            List<Class<? extends Throwable>[]> failures,
            Runnable dispatch) {
        if (CurrentUnitOfWork.isStarted()
                || failures.size() >= attempts
                || FailureKind.of(lastFailure) != FailureKind.CONFLICT) {
            return false;
        }
        long wait = Math.min(LONGEST_WAIT.toMillis(), FIRST_WAIT.toMillis() << Math.min(failures.size() - 1, 10));
        try {
            Future<?> unused = executor.schedule(dispatch, wait, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            log.info("{} is not repeated after a conflict: shutting down", command.getCommandName());
            return false;
        }
        log.debug("{} is repeated in {} ms after a conflict", command.getCommandName(), wait, lastFailure);
        return true;
    }
}
