package io.farandole.boot;

import io.farandole.saga.SagaObserver;
import io.micrometer.core.instrument.MeterRegistry;

/** What sagas do, as the Micrometer counter {@code farandole.sagas} by saga and by what happened. */
class ObservedSagas implements SagaObserver {

    private final MeterRegistry meters;

    ObservedSagas(MeterRegistry meters) {
        this.meters = meters;
    }

    private void count(String sagaType, String what) {
        meters.counter("farandole.sagas", "saga", sagaType, "what", what).increment();
    }

    @Override
    public void started(String sagaType) {
        count(sagaType, "started");
    }

    @Override
    public void handled(String sagaType) {
        count(sagaType, "handled");
    }

    @Override
    public void ended(String sagaType) {
        count(sagaType, "ended");
    }

    @Override
    public void ignoredAsEnded(String sagaType) {
        count(sagaType, "ignored as ended");
    }

    @Override
    public void ignoredAsUnknown(String sagaType) {
        count(sagaType, "ignored as unknown");
    }

    @Override
    public void ignoredAsCancelled(String sagaType) {
        count(sagaType, "ignored as cancelled");
    }
}
