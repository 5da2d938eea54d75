package io.farandole.axon;

import com.fasterxml.uuid.Generators;
import com.fasterxml.uuid.NoArgGenerator;
import org.axonframework.common.IdentifierFactory;

/**
 * Gives messages, events and whatever asks Axon's {@link IdentifierFactory} ids that begin with the time (UUID version 7, RFC
 * 9562): 48 bits of milliseconds, then 74 of a secure random number. Axon finds this class by its service file; a context may
 * bring another one by a service file of its own that comes first on the class path.
 *
 * <p>Why: four indexes of the journal hold such ids. Random ones touch a random page of each index for every event, and after
 * each checkpoint write that page to the log as a whole; ids in order of time touch the newest page. Measured on the journal's
 * own append function, 64 events a transaction: 23 instead of 36 microseconds and a quarter less log per event.
 *
 * <p>An id tells when it was made, to the millisecond; it cannot be guessed. Thread-safe.
 */
public final class TimeOrderedIdentifiers extends IdentifierFactory {

    private final NoArgGenerator generator = Generators.timeBasedEpochRandomGenerator();

    /** For Axon's service loader. */
    public TimeOrderedIdentifiers() {}

    @Override
    public String generateIdentifier() {
        return generator.generate().toString();
    }
}
