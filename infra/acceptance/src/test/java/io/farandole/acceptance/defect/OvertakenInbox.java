package io.farandole.acceptance.defect;

import io.farandole.messaging.Envelope;
import io.farandole.messaging.Inbox;
import java.util.ArrayList;
import java.util.List;

/** An inbox whose messages of one type are overtaken by all others for a while, as by a transport that keeps no order. */
final class OvertakenInbox implements Inbox {

    private final Inbox inbox;
    private final String slowType;
    private final List<Envelope> underWay = new ArrayList<>();
    private boolean slow;

    /**
     * @param slowType the wire type
     */
    OvertakenInbox(Inbox inbox, String slowType) {
        this.inbox = inbox;
        this.slowType = slowType;
    }

    /** From now on messages of that type stay under way. */
    synchronized void slowDown() {
        slow = true;
    }

    /** Whether one is under way. */
    synchronized boolean isUnderWay() {
        return !underWay.isEmpty();
    }

    /** They arrive. */
    synchronized void arrive() {
        slow = false;
        inbox.append(underWay);
        underWay.clear();
    }

    @Override
    public synchronized Receipt append(List<Envelope> batch) {
        List<Envelope> fast = new ArrayList<>(batch);
        if (slow) {
            fast.removeIf(event -> event.type().wireType().equals(slowType));
            List<Envelope> late = new ArrayList<>(batch);
            late.removeAll(fast);
            underWay.addAll(late);
        }
        Receipt receipt = inbox.append(fast);
        return new Receipt(receipt.appended() + batch.size() - fast.size(), receipt.duplicates(), receipt.conflicts());
    }
}
