package io.farandole.boot;

import io.farandole.axon.ProcessorSettings;
import io.farandole.axon.RetryPolicy;
import io.farandole.axon.TrackingStart;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How sagas and event handlers follow the journal.
 *
 * @param segments into which a processor divides its events, by process key or aggregate, when it runs for the first time
 * @param batchSize events handled in one transaction at most
 * @param retry how a failing process is tried again before it is parked, as a sentence; {@code @Retries} of a saga, a projection or
 *     one of their handlers wins over it
 * @param conflictAttempts at a batch that meets version conflicts or deadlocks, before its events are handled one by one
 * @param tokenClaimInterval how often an instance looks for segments that nobody works on
 * @param claimExtension how often a segment's claim is extended while its batch takes long; below the claim's time-out of 10 s
 * @param busyShare for how much of the time a segment may be busy while less than a batch waits; beyond it, it rests for up to
 *     50 ms, so that batches become larger; 1 for no rest
 * @param brakeAfter how many different processes have to fail in a row, without any success in between, until it is taken for an outage:
 *     then no more are set aside, until one gets through; 0 for never
 * @param brakeWait the most that is waited between two looks whether such an outage is over
 * @param shareEvery how often an instance looks whether it works on more segments than its share of all running instances, and leaves
 *     some to them; 0 for never: then segments stay with whoever asked first
 * @param byName what differs for single processors, by name (the processing group; a saga's is its class's simple name
 *     followed by {@code Processor})
 */
@ConfigurationProperties("farandole.processors")
public record ProcessorProperties(
        @DefaultValue("2") int segments,
        @DefaultValue("128") int batchSize,
        @DefaultValue(RetryPolicy.DEFAULT_SENTENCE) RetryPolicy retry,
        @DefaultValue("3") int conflictAttempts,
        @DefaultValue("1s") Duration tokenClaimInterval,
        @DefaultValue("4s") Duration claimExtension,
        @DefaultValue("0.25") double busyShare,
        @DefaultValue("5") int brakeAfter,
        @DefaultValue("10s") Duration brakeWait,
        @DefaultValue("3s") Duration shareEvery,
        @DefaultValue Map<String, Differing> byName) {

    ProcessorSettings of(String processor) {
        ProcessorSettings common = new ProcessorSettings(
                segments,
                batchSize,
                retry,
                conflictAttempts,
                tokenClaimInterval,
                claimExtension,
                busyShare,
                brakeAfter,
                brakeWait);
        Differing differing = byName.get(processor);
        if (differing == null) {
            return common;
        }
        return common.withSegments(differing.segments == null ? segments : differing.segments)
                .withBatchSize(differing.batchSize == null ? batchSize : differing.batchSize)
                .withBusyShare(differing.busyShare == null ? busyShare : differing.busyShare)
                .withBrake(differing.brakeAfter == null ? brakeAfter : differing.brakeAfter, brakeWait);
    }

    /**
     * What differs for one processor; what is not set is common.
     *
     * @param segments one, where many processes change the same aggregates
     * @param batchSize events handled in one transaction at most
     * @param retry how a failing process is tried again before it is parked, as a sentence; wins over {@code @Retries}
     * @param busyShare for how much of the time a segment may be busy while less than a batch waits
     * @param brakeAfter how many different processes have to fail in a row until it is taken for an outage
     * @param start where it begins when it runs for the first time: {@code first-event} by default, {@code from-now-on} for a
     *     saga that is added to a context with a history which it must not act on
     */
    public record Differing(
            @Nullable Integer segments,
            @Nullable Integer batchSize,
            @Nullable RetryPolicy retry,
            @Nullable Double busyShare,
            @Nullable Integer brakeAfter,
            @Nullable TrackingStart start) {}
}
