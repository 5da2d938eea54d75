package io.farandole.boot;

import io.farandole.saga.outside.OutsideCallSettings;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How calls to the outside are made.
 *
 * @param parallelism calls of one kind at the same time in this process
 * @param lease how long a claimed call may take before another worker makes it again; above the handler's own time-outs
 * @param initialBackoff pause after the first unknown outcome; doubles
 * @param maxBackoff longest pause
 * @param timeLimit from the request until the call is given up
 * @param minPoll shortest pause between two looks while there is nothing to do
 * @param maxPoll longest such pause
 * @param recordAttempts how often recording a result is tried before the call is marked failed
 * @param retention how long a finished call stays listed, and its idempotency key is remembered
 * @param kinds what differs for single kinds, by kind
 */
@ConfigurationProperties("farandole.outside-calls")
public record OutsideCallProperties(
        @DefaultValue("16") int parallelism,
        @DefaultValue("30s") Duration lease,
        @DefaultValue("200ms") Duration initialBackoff,
        @DefaultValue("30s") Duration maxBackoff,
        @DefaultValue("2m") Duration timeLimit,
        @DefaultValue("50ms") Duration minPoll,
        @DefaultValue("2s") Duration maxPoll,
        @DefaultValue("10") int recordAttempts,
        @DefaultValue("7d") Duration retention,
        @DefaultValue Map<String, Differing> kinds) {

    OutsideCallSettings settings() {
        return new OutsideCallSettings(
                new OutsideCallSettings.Kind(parallelism, lease, initialBackoff, maxBackoff, timeLimit),
                kinds.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, kind -> merged(kind.getValue()))),
                minPoll,
                maxPoll,
                recordAttempts,
                retention);
    }

    private OutsideCallSettings.Kind merged(Differing differing) {
        return new OutsideCallSettings.Kind(
                differing.parallelism == null ? parallelism : differing.parallelism,
                differing.lease == null ? lease : differing.lease,
                differing.initialBackoff == null ? initialBackoff : differing.initialBackoff,
                differing.maxBackoff == null ? maxBackoff : differing.maxBackoff,
                differing.timeLimit == null ? timeLimit : differing.timeLimit);
    }

    /**
     * What differs for one kind of call; what is not set is common.
     *
     * @param parallelism calls at the same time in this process
     * @param lease how long a claimed call may take
     * @param initialBackoff pause after the first unknown outcome
     * @param maxBackoff longest pause
     * @param timeLimit from the request until the call is given up
     */
    public record Differing(
            @Nullable Integer parallelism,
            @Nullable Duration lease,
            @Nullable Duration initialBackoff,
            @Nullable Duration maxBackoff,
            @Nullable Duration timeLimit) {}
}
