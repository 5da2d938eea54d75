package io.farandole.audit.personal;

/** Asks other contexts for their keys. Thread-safe. */
@FunctionalInterface
public interface ForeignKeys {

    /**
     * Asks a key's owner for it; not remembered here.
     *
     * @param owner the context that the key's id begins with
     * @throws io.farandole.messaging.PersonalDataException if the owner is not known, cannot be reached, or refuses
     */
    KeyAnswer ask(String owner, String keyId);
}
