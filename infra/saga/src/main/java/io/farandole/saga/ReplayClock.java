package io.farandole.saga;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** Tells the time of a replay: that of what is handled. */
final class ReplayClock extends Clock {

    private final ReplayedDeadlines deadlines;
    private final ZoneId zone;

    ReplayClock(ReplayedDeadlines deadlines) {
        this(deadlines, ZoneOffset.UTC);
    }

    private ReplayClock(ReplayedDeadlines deadlines, ZoneId zone) {
        this.deadlines = deadlines;
        this.zone = zone;
    }

    @Override
    public ZoneId getZone() {
        return zone;
    }

    @Override
    public Clock withZone(ZoneId other) {
        return new ReplayClock(deadlines, other);
    }

    @Override
    public Instant instant() {
        return deadlines.now();
    }
}
