package io.farandole.boot;

import io.farandole.eventstore.Journal;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/** Down while the end of the journal cannot be followed, which is what processors and relay wait for. */
class JournalHealth extends AbstractHealthIndicator {

    private final Journal journal;

    JournalHealth(Journal journal) {
        super("The journal's state cannot be read");
        this.journal = journal;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        builder.up().withDetail("followedUpTo", journal.tailPosition());
        journal.failure().ifPresent(failure -> builder.down().withDetail("failure", failure.toString()));
    }
}
