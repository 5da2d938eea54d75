package io.farandole.audit.personal;

import io.farandole.messaging.PersonalDataException;
import io.farandole.messaging.PersonalDataException.Reason;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The keys that this context owns. They are read from the database each time, an indexed read for any number of them, and kept nowhere:
 * so a destroyed key is of no use from the moment in which its destruction is committed, in every instance; and a person who comes back
 * after an erasure gets a new key, not one that an instance still had in mind, under which what is sealed could never be opened.
 *
 * <p>A new key is inserted in the caller's transaction, the one that commits what is sealed with it. So neither is there without the
 * other: rolled back, both are gone. A key in a transaction of its own would be sound too (one that seals nothing does no harm), but wants
 * a second connection while the first is held, and a pool that is taken by such callers would wait for itself. Of two who make a person's
 * first key at once, the unique index lets one wait for the other's commit; then it finds that key and seals with it, or, if the other
 * was rolled back, its own is the first. Two transactions that make the first keys of the same two persons in opposite order deadlock,
 * which PostgreSQL notices; one is run again.
 *
 * <p>Thread-safe.
 */
public final class OwnKeys {

    private static final int BATCH = 500;

    private final String context;
    private final KeyTable table;
    private final @Nullable MasterKeys masterKeys;
    private final AesGcm cipher = new AesGcm();

    /**
     * The keys of a context.
     *
     * @param masterKeys null if there are none: then keys can be destroyed, and nothing else
     */
    public OwnKeys(String context, DataSource dataSource, @Nullable MasterKeys masterKeys) {
        this.context = context;
        this.table = new KeyTable(dataSource);
        this.masterKeys = masterKeys;
    }

    /** A key, and which. Its text form holds nothing of it. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Named(String keyId, byte[] key) {
        @Override
        public String toString() {
            return "Named[" + keyId + "]";
        }
    }

    String context() {
        return context;
    }

    boolean canSeal() {
        return masterKeys != null;
    }

    /** The person's key of that scope; made, if there is none. */
    Named of(String person, String scope) {
        MasterKeys masters = masters();
        Optional<KeyTable.Row> row = table.live(person, scope);
        if (row.isEmpty()) {
            byte[] key = cipher.newKey();
            String keyId = context + "." + UUID.randomUUID();
            if (table.insert(keyId, person, scope, masters.wrap(keyId, key), masters.current())) {
                return new Named(keyId, key);
            }
            // A statement of its own, hence after the commit that the insert has waited for.
            row = table.live(person, scope);
        }
        KeyTable.Row found = row.orElseThrow(() -> new PersonalDataException(
                Reason.UNAVAILABLE, "A person's key was destroyed while it was being made: try again"));
        return new Named(found.keyId(), unwrapped(masters, found));
    }

    /**
     * What there is of some keys, by their ids.
     *
     * @throws PersonalDataException {@code NOT_CONFIGURED} if the master key is missing that has wrapped one of them, {@code DAMAGED} if
     *     one does not open
     */
    public Map<String, KeyAnswer> find(Collection<String> keyIds) {
        Map<String, KeyAnswer> answers = new HashMap<>();
        Map<String, KeyTable.Row> rows = table.find(keyIds);
        for (String keyId : keyIds) {
            KeyTable.Row row = rows.get(keyId);
            if (row == null) {
                answers.put(keyId, new KeyAnswer.Unknown());
            } else if (row.wrapped() == null) {
                answers.put(keyId, new KeyAnswer.Destroyed(row.scope()));
            } else {
                answers.put(keyId, new KeyAnswer.Found(row.scope(), unwrapped(masters(), row)));
            }
        }
        return answers;
    }

    /** The scopes of which a person has a key, which is destroyed together with all others. */
    public List<String> scopesOf(String person) {
        return table.scopesOf(person);
    }

    List<DestroyedKey> destroy(String person, String by, String reason) {
        return table.destroy(person, by, reason);
    }

    /**
     * Wraps every key by the current master key, each in a transaction of its own: it may be ended at any point, and begun again. Keys
     * that are made meanwhile by an instance that has another current master key are not met: have all instances know the new one first.
     *
     * @return how many were wrapped anew
     */
    public long rotate() {
        MasterKeys masters = masters();
        long done = 0;
        String last = "";
        List<KeyTable.Row> rows = table.wrappedOtherwise(masters.current(), last, BATCH);
        while (!rows.isEmpty()) {
            for (KeyTable.Row row : rows) {
                byte[] wrapped = row.wrapped();
                if (wrapped != null
                        && table.rewrap(
                                row.keyId(),
                                wrapped,
                                masters.wrap(row.keyId(), unwrapped(masters, row)),
                                masters.current())) {
                    done++;
                }
                last = row.keyId();
            }
            rows = table.wrappedOtherwise(masters.current(), last, BATCH);
        }
        return done;
    }

    private static byte[] unwrapped(MasterKeys masters, KeyTable.Row row) {
        String masterKeyId = row.masterKeyId();
        byte[] wrapped = row.wrapped();
        if (masterKeyId == null || wrapped == null) {
            throw new IllegalStateException("Key " + row.keyId() + " was destroyed");
        }
        if (!masters.has(masterKeyId)) {
            throw new PersonalDataException(
                    Reason.NOT_CONFIGURED,
                    "Key " + row.keyId() + " is wrapped by master key " + masterKeyId
                            + ", which this service does not have: set farandole.personal.master-keys." + masterKeyId);
        }
        return masters.unwrap(row.keyId(), masterKeyId, wrapped)
                .orElseThrow(() -> new PersonalDataException(
                        Reason.DAMAGED,
                        "Key " + row.keyId() + " does not open with master key " + masterKeyId
                                + ": either its row was altered, or farandole.personal.master-keys." + masterKeyId
                                + " is not what it was"));
    }

    private MasterKeys masters() {
        if (masterKeys == null) {
            throw new PersonalDataException(
                    Reason.NOT_CONFIGURED,
                    "This service has no master key for personal data: set farandole.personal.master-key and"
                            + " farandole.personal.master-keys.<id>");
        }
        return masterKeys;
    }
}
