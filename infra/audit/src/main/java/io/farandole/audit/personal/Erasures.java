package io.farandole.audit.personal;

import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.axonframework.common.IdentifierFactory;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.EventBus;
import org.axonframework.eventhandling.GenericEventMessage;

/**
 * Erases persons: destroys their keys, and records that in the journal, both in one transaction. What was sealed stays where it is, and
 * nobody can read it any more. Thread-safe.
 */
public final class Erasures {

    private final OwnKeys keys;
    private final TransactionManager transactions;
    private final Supplier<EventBus> events;
    private final Clock clock;

    /** {@code events} is where the record is published: the event store. */
    public Erasures(OwnKeys keys, TransactionManager transactions, Supplier<EventBus> events, Clock clock) {
        this.keys = keys;
        this.transactions = transactions;
        this.events = events;
        this.clock = clock;
    }

    /** The scopes of which this context has a key of that person. */
    public List<String> scopesOf(String person) {
        return keys.scopesOf(person);
    }

    /**
     * Destroys all keys of a person that this context owns. To ask again does no harm: there is nothing left.
     *
     * @param person as it was sealed for
     * @param by who asks for it
     * @param reason why; stays in the journal, so it should not say who the person is
     * @return empty if there is none: the person is unknown, or was erased already
     */
    public Optional<PersonalDataErased> erase(String person, String by, String reason) {
        return transactions.fetchInTransaction(() -> {
            List<DestroyedKey> destroyed = keys.destroy(person, by, reason);
            if (destroyed.isEmpty()) {
                return Optional.empty();
            }
            PersonalDataErased erased = new PersonalDataErased(
                    IdentifierFactory.getInstance().generateIdentifier(),
                    destroyed,
                    by,
                    reason,
                    clock.instant().truncatedTo(ChronoUnit.MICROS));
            events.get().publish(GenericEventMessage.asEventMessage(erased));
            return Optional.of(erased);
        });
    }

    /** See {@link OwnKeys#rotate}. */
    public long rotate() {
        return keys.rotate();
    }
}
