package io.farandole.axon;

import org.axonframework.common.transaction.TransactionManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A processor's {@link OutageBrake} of this instance, as other instances see it, and theirs, through {@link BrakeTable}. What is told is
 * told after the fact and at best: it decides only whether other instances count their retries. Thread-safe.
 */
record SharedBrake(
        String processor, OutageBrake own, BrakeTable table, TransactionManager transactions, String instance) {

    private static final Logger log = LoggerFactory.getLogger(SharedBrake.class);

    /** Something has been handled and committed by an attempt that began then. */
    void succeeded(long began) {
        if (own.succeeded(began)) {
            tell(() -> table.release(processor, instance));
        }
    }

    /** Begins anew, as a processor that is started does. */
    void open() {
        boolean wasOn = own.isOn();
        own.open();
        if (wasOn) {
            tell(() -> table.release(processor, instance));
        }
    }

    /**
     * Tells the others that the brake is on, or that it still is.
     *
     * <p>Another segment may release it in between. It does so first here, then in the table: if its deletion came before this row, the brake
     * is off by now, and the row is taken back. Otherwise nobody would, and for as long as the row is valid no failed retry would count.
     */
    void confirm() {
        own.braked().ifPresent(braked -> {
            tell(() -> table.confirm(braked, instance));
            if (!own.isOn()) {
                tell(() -> table.release(processor, instance));
            }
        });
    }

    /** Whether the processor is braked here or in another instance; in a transaction. */
    boolean isOnAnywhere() {
        return own.isOn() || table.isBraked(processor);
    }

    private void tell(Runnable change) {
        try {
            transactions.executeInTransaction(change);
        } catch (RuntimeException e) {
            log.warn(
                    "Cannot tell other instances whether processor {} is braked; what they know expires", processor, e);
        }
    }
}
