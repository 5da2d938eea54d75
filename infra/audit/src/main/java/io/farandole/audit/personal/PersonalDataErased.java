package io.farandole.audit.personal;

import io.farandole.messaging.EventTypes;
import java.time.Instant;
import java.util.List;

/**
 * A person's keys were destroyed: an own, private event of the journal, appended in the transaction that destroyed them. It does not tell
 * whose they were. A projection that keeps opened copies deletes those of these keys when it hears of it.
 *
 * @param erasureId of the erasure
 * @param keys that were destroyed
 * @param by who asked for it
 * @param reason why
 * @param erasedAt when
 */
public record PersonalDataErased(
        String erasureId, List<DestroyedKey> keys, String by, String reason, Instant erasedAt) {

    /** The registration of this event, which every context merges into its own. */
    public static final EventTypes TYPES = EventTypes.builder()
            .event("farandole.personal-data-erased", 1, PersonalDataErased.class, PersonalDataErased::erasureId)
            .build();

    public PersonalDataErased {
        keys = List.copyOf(keys);
    }

    /** Without who and why. */
    @Override
    public String toString() {
        return "PersonalDataErased[" + erasureId + ", " + keys.size() + " keys]";
    }
}
