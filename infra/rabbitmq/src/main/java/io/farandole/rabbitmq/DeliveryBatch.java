package io.farandole.rabbitmq;

import io.farandole.messaging.Envelope;
import io.farandole.messaging.Inbox;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A batch of deliveries on its way to the inbox. Holds what is still to be appended, and what is to be set aside. Used by
 * one thread.
 */
final class DeliveryBatch {

    /** So often an event must fail alone, while events of other processes succeed, before it is the event's fault. */
    static final int STRIKES = 5;

    /** Without a success for so long it is the inbox, not the events. */
    private static final long HOPELESS_NANOS = 2_000_000_000L;

    private final Triage triage;
    private final List<Pending> pending = new ArrayList<>();
    private final List<Pending> accepted = new ArrayList<>();
    private final List<Rejected> rejected = new ArrayList<>();
    private long lastTag;
    private int size;

    DeliveryBatch(Triage triage) {
        this.triage = triage;
    }

    void add(Delivered delivery) {
        lastTag = delivery.tag();
        size++;
        try {
            pending.add(new Pending(delivery, triage.examine(delivery)));
        } catch (RejectedMessageException e) {
            rejected.add(new Rejected(delivery, e));
        }
    }

    int size() {
        return size;
    }

    long lastTag() {
        return lastTag;
    }

    boolean isAppended() {
        return pending.isEmpty();
    }

    List<Rejected> rejected() {
        return rejected;
    }

    /** Appends everything in one transaction; throws what the inbox throws, and then nothing was appended. */
    Inbox.Receipt append(Inbox inbox) {
        Inbox.Receipt receipt =
                inbox.append(pending.stream().map(Pending::event).toList());
        accepted.addAll(pending);
        pending.clear();
        return receipt;
    }

    /**
     * Appends one by one, to tell an event that the inbox refuses from an inbox that cannot be reached. After a failure
     * nothing further of the same process is tried, so that its order is kept.
     *
     * @param receipts takes the receipts of those that were appended
     * @throws RuntimeException the last failure, if something is still to be appended
     */
    void appendOneByOne(Inbox inbox, List<Inbox.Receipt> receipts) {
        List<Pending> failed = new ArrayList<>();
        Set<String> failedProcesses = new HashSet<>();
        RuntimeException failure = null;
        boolean succeeded = false;
        long start = System.nanoTime();
        for (Pending next : List.copyOf(pending)) {
            String process = next.event.source() + ' ' + next.event.processKey();
            boolean hopeless = !succeeded
                    && (failed.size() >= STRIKES || (failure != null && System.nanoTime() - start > HOPELESS_NANOS));
            if (failedProcesses.contains(process) || hopeless) {
                continue;
            }
            try {
                receipts.add(inbox.append(List.of(next.event)));
                succeeded = true;
                accepted.add(next);
                pending.remove(next);
            } catch (RuntimeException e) {
                failure = e;
                next.lastFailure = e.getClass().getSimpleName();
                failed.add(next);
                failedProcesses.add(process);
            }
        }
        if (succeeded) {
            failed.forEach(this::strike);
        }
        if (failure != null && !pending.isEmpty()) {
            throw failure;
        }
    }

    private void strike(Pending failed) {
        failed.strikes++;
        if (failed.strikes >= STRIKES) {
            pending.remove(failed);
            rejected.add(new Rejected(
                    failed.delivery,
                    new RejectedMessageException(
                            RejectionReason.REFUSED_BY_STORE,
                            "the inbox fails with " + failed.lastFailure + " for this event alone")));
        }
    }

    /** Sets aside what was received before with another body. */
    void conflicts(List<String> ids) {
        if (ids.isEmpty()) {
            return;
        }
        for (Pending event : accepted) {
            if (ids.contains(event.event.id())) {
                rejected.add(new Rejected(
                        event.delivery,
                        new RejectedMessageException(
                                RejectionReason.CONFLICTING_DUPLICATE,
                                "event " + event.event.id() + " was received before with another body")));
            }
        }
    }

    /** A delivery to set aside. */
    record Rejected(Delivered delivery, RejectedMessageException rejection) {}

    private static final class Pending {
        private final Delivered delivery;
        private final Envelope event;
        private int strikes;
        private String lastFailure = "";

        private Pending(Delivered delivery, Envelope event) {
            this.delivery = delivery;
            this.event = event;
        }

        private Envelope event() {
            return event;
        }
    }
}
