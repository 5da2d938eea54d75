package io.farandole.boot;

import io.farandole.axon.BrakedProcessor;
import io.farandole.axon.ParkedProcesses;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.axonframework.config.EventProcessingConfiguration;
import org.axonframework.eventhandling.EventProcessor;
import org.axonframework.eventhandling.StreamingEventProcessor;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

/**
 * Down when a processor has stopped with an error. Processes that wait for a person do not make the service unavailable:
 * everyone else goes on, so they show as a detail, with the status {@code PARKED}, which maps to HTTP 200. Nor does a processor
 * that is braked, for another instance would meet the same: it shows as a detail, since when and by what.
 */
class ProcessorHealth extends AbstractHealthIndicator {

    static final Status PARKED = new Status("PARKED", "Processes wait for a person");

    private final EventProcessingConfiguration processing;
    private final ParkedProcesses parked;
    private final Supplier<List<BrakedProcessor>> braked;
    private final LongSupplier behind;

    ProcessorHealth(
            EventProcessingConfiguration processing,
            ParkedProcesses parked,
            Supplier<List<BrakedProcessor>> braked,
            LongSupplier behind) {
        super("The processors' state cannot be read");
        this.processing = processing;
        this.parked = parked;
        this.braked = braked;
        this.behind = behind;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        Map<String, Object> processors = new LinkedHashMap<>();
        boolean failed = false;
        for (Map.Entry<String, EventProcessor> entry :
                processing.eventProcessors().entrySet()) {
            EventProcessor processor = entry.getValue();
            failed |= processor.isError();
            processors.put(entry.getKey(), describe(processor));
        }
        for (BrakedProcessor each : braked.get()) {
            processors.computeIfPresent(
                    each.processor(),
                    (name, state) -> state + ", braked since " + each.since() + " by " + each.errorClass());
        }
        ParkedProcesses.Counts counts = parked.count();
        builder.withDetail("processors", processors)
                .withDetail("eventsBehind", behind.getAsLong())
                .withDetail("retrying", counts.retrying())
                .withDetail("parked", counts.parked())
                .withDetail("waitingEvents", counts.waitingEvents());
        if (failed) {
            builder.down();
        } else if (counts.parked() > 0) {
            builder.status(PARKED);
        } else {
            builder.up();
        }
    }

    private static String describe(EventProcessor processor) {
        if (processor.isError()) {
            return "error";
        }
        if (!processor.isRunning()) {
            return "stopped";
        }
        if (processor instanceof StreamingEventProcessor streaming) {
            return "running, segments " + streaming.processingStatus().keySet();
        }
        return "running";
    }
}
