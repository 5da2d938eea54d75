package io.farandole.axon;

import java.time.Duration;

/**
 * How commands of other services are carried out.
 *
 * @param batchSize so many in one transaction at most
 * @param attempts so often a command that fails is tried before it is refused for good
 * @param initialBackOff wait after its first failure; doubles
 * @param maxBackOff longest wait after a failure
 * @param poll how often the table is looked at for what nobody told of: commands that are due again, or that another instance stored
 * @param maxBehind while the context's sagas are further behind the journal than this, nothing is carried out; 0 for no limit
 */
public record CommandSettings(
        int batchSize, int attempts, Duration initialBackOff, Duration maxBackOff, Duration poll, long maxBehind) {

    public CommandSettings {
        if (batchSize < 1 || attempts < 1 || maxBehind < 0) {
            throw new IllegalArgumentException(
                    "farandole.commands.execute-batch and .attempts are 1 or more, .max-behind 0 or more");
        }
        for (Duration wait : new Duration[] {initialBackOff, maxBackOff, poll}) {
            if (wait.isZero() || wait.isNegative()) {
                throw new IllegalArgumentException("The waits of farandole.commands are positive");
            }
        }
    }

    Duration backOff(int failures) {
        Duration wait = initialBackOff.multipliedBy(1L << Math.min(failures - 1, 20));
        return wait.compareTo(maxBackOff) > 0 ? maxBackOff : wait;
    }
}
