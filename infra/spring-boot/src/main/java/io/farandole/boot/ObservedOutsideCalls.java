package io.farandole.boot;

import io.farandole.saga.outside.OutsideCallObserver;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;

/** What becomes of outside calls, as Micrometer meters {@code farandole.outside.*}. */
class ObservedOutsideCalls implements OutsideCallObserver {

    private final MeterRegistry meters;

    ObservedOutsideCalls(MeterRegistry meters) {
        this.meters = meters;
    }

    @Override
    public void called(String kind, Duration took, boolean known) {
        meters.timer("farandole.outside.calls", "kind", kind, "outcome", known ? "known" : "unknown")
                .record(took);
    }

    @Override
    public void recorded(String kind) {
        meters.counter("farandole.outside.recorded", "kind", kind).increment();
    }

    @Override
    public void recordFailed(String kind, boolean givenUp) {
        meters.counter("farandole.outside.record.failures", "kind", kind, "given.up", String.valueOf(givenUp))
                .increment();
    }

    @Override
    public void timeLimitPassed(String kind) {
        meters.counter("farandole.outside.time.limits", "kind", kind).increment();
    }

    @Override
    public void overtaken(String kind) {
        meters.counter("farandole.outside.overtaken", "kind", kind).increment();
    }
}
