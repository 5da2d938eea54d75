package io.farandole.rabbitmq;

import io.farandole.messaging.Envelope;
import java.time.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How far a relay is, across its sessions. Written by its thread and by the outbox's wake-ups; read by any. Thread-safe. */
final class RelayProgress {

    private final Clock clock;
    private RelayStatus.State state = RelayStatus.State.STOPPED;
    private boolean halted;
    private long haltedAt;
    private long confirmedUpTo;
    private long savedUpTo;
    private int inFlight;
    private @Nullable Instant oldest;
    private @Nullable Instant appendedAt;
    private @Nullable String warning;
    private boolean appended = true;
    private boolean lateChecks;

    RelayProgress(Clock clock) {
        this.clock = clock;
    }

    synchronized void state(RelayStatus.State state) {
        this.state = state;
    }

    /** Something was appended: there is something to read, and it waits from now on. */
    synchronized void appended() {
        appended = true;
        if (appendedAt == null) {
            appendedAt = clock.instant();
        }
    }

    /** Whether something was appended since the last call; call it before reading, so that nothing is missed. */
    synchronized boolean takeAppended() {
        boolean was = appended;
        appended = false;
        return was;
    }

    synchronized void halted(long position) {
        halted = true;
        haltedAt = position;
        state = RelayStatus.State.HALTED;
    }

    /** What halted it is none of what comes now. */
    synchronized void forgetHalt() {
        halted = false;
    }

    synchronized boolean isHalted() {
        return halted;
    }

    synchronized void update(PublishWindow window, boolean caughtUp) {
        state = RelayStatus.State.RELAYING;
        confirmedUpTo = window.confirmedUpTo();
        inFlight = window.inFlight();
        Envelope event = window.oldestUnconfirmed();
        if (event != null) {
            oldest = event.time();
        } else if (caughtUp && !appended) {
            oldest = null;
            appendedAt = null;
        }
    }

    /** The broker takes events again; whether nothing is left of an earlier halt. */
    synchronized boolean worked(long confirmed) {
        if (halted && confirmed >= haltedAt) {
            halted = false;
        }
        return !halted;
    }

    synchronized void saved(long position) {
        savedUpTo = position;
    }

    /** A check of the bindings came too late for the events that it was to count for; whether it is the first such in a row. */
    synchronized boolean firstLateCheck() {
        boolean first = !lateChecks;
        lateChecks = true;
        return first;
    }

    /** A check of the bindings came in time. */
    synchronized void checkedInTime() {
        lateChecks = false;
    }

    synchronized long savedUpTo() {
        return savedUpTo;
    }

    synchronized void sessionEnded() {
        inFlight = 0;
    }

    synchronized void warning(@Nullable String text) {
        warning = text;
    }

    synchronized RelayStatus status(boolean connected, @Nullable String blocked, Trouble trouble) {
        Instant waiting = oldest != null ? oldest : appendedAt;
        RelayStatus.State shown = halted && state == RelayStatus.State.RELAYING ? RelayStatus.State.HALTED : state;
        return new RelayStatus(
                shown,
                connected,
                blocked,
                confirmedUpTo,
                savedUpTo,
                inFlight,
                waiting,
                trouble.text(),
                trouble.at(),
                warning);
    }
}
