package io.farandole.rabbitmq;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a listener has done, across its sessions. Thread-safe. */
final class ListenerProgress {

    private ListenerStatus.State state = ListenerStatus.State.STOPPED;
    private long received;
    private long appended;
    private long duplicates;
    private long setAside;
    private int session;
    private int unsettled;
    private @Nullable Instant lastAppended;

    synchronized void state(ListenerStatus.State state) {
        this.state = state;
    }

    /** The session that is under way, or begins now; there is one at a time. */
    synchronized int session() {
        return session;
    }

    /**
     * A delivery has come, in this session. The client's thread may hand out what the last one had received when that has ended already: the
     * broker delivers it again, and here nobody settles it.
     */
    synchronized void received(int ofSession) {
        received++;
        if (ofSession == session) {
            unsettled++;
        }
    }

    synchronized void appended(int events, int duplicates, Instant now) {
        this.appended += events;
        this.duplicates += duplicates;
        lastAppended = now;
    }

    synchronized void setAside(int messages) {
        setAside += messages;
    }

    synchronized void settled(int deliveries) {
        unsettled -= deliveries;
    }

    synchronized void sessionEnded() {
        session++;
        unsettled = 0;
    }

    synchronized ListenerStatus status(boolean connected, Trouble trouble) {
        return new ListenerStatus(
                state,
                connected,
                received,
                appended,
                duplicates,
                setAside,
                unsettled,
                lastAppended,
                trouble.text(),
                trouble.at());
    }
}
