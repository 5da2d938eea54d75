package io.farandole.acceptance.defect;

import io.farandole.saga.SagaObserver;
import java.util.concurrent.atomic.AtomicBoolean;
import org.axonframework.config.ConfigurerModule;

/**
 * A second owner of every saga of one type, as where a release renames a processor: the new name has a token of its own, so
 * both instances handle each event. It pauses between loading and writing the first saga that it handles, until it is woken; what it
 * handles after that it never finishes.
 */
final class LateOwner implements SagaObserver {

    private final String sagaType;
    private final Gate asleep = new Gate();
    private final Gate never = new Gate();
    private final AtomicBoolean slept = new AtomicBoolean();
    private final AtomicBoolean foundItEnded = new AtomicBoolean();

    LateOwner(String sagaType) {
        this.sagaType = sagaType;
        asleep.close();
        never.close();
    }

    /** Makes an instance one. */
    Seam seam(String processor) {
        return service -> {
            service.registerBean(
                    "renamedProcessor",
                    ConfigurerModule.class,
                    () -> configurer -> configurer
                            .eventProcessing()
                            .assignProcessingGroup(processor, processor + "-" + hashCode()));
            service.registerBean(SagaObserver.class, () -> this);
        };
    }

    @Override
    public void handled(String type) {
        if (type.equals(sagaType)) {
            (slept.compareAndSet(false, true) ? asleep : never).pass();
        }
    }

    @Override
    public void ignoredAsEnded(String type) {
        if (slept.get() && type.equals(sagaType)) {
            foundItEnded.set(true);
        }
    }

    boolean isAsleep() {
        return asleep.holdsSomebody();
    }

    void wake() {
        asleep.open();
    }

    /** Whether it has written what it had loaded, and handles what came next; or has found that others have ended the saga. */
    boolean isDone() {
        return never.holdsSomebody() || foundItEnded.get();
    }

    /** What it handles comes back to a process that is dead. */
    void end() {
        asleep.open();
        never.open();
    }
}
