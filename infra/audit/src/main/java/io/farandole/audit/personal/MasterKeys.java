package io.farandole.audit.personal;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The keys that wrap persons' keys. They come from outside of the database, and whoever has one and the key store can open everything:
 * losing them is losing the data. New keys are wrapped by the current one; the others open what they have wrapped. Thread-safe.
 */
public final class MasterKeys {

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9._-]{1,50}");

    private final AesGcm cipher = new AesGcm();
    private final String current;
    private final Map<String, byte[]> keys = new TreeMap<>();

    /**
     * Checks them.
     *
     * @param current the id of one of them
     * @param keys by id, 32 random bytes each
     * @throws IllegalArgumentException if one is of no use; names its id, and not the key
     */
    public MasterKeys(String current, Map<String, byte[]> keys) {
        keys.forEach((id, key) -> this.keys.put(checkedId(id), checked(id, key.clone())));
        if (!keys.containsKey(current)) {
            throw new IllegalArgumentException(
                    "the current master key is '" + current + "', and there is none of that id");
        }
        this.current = current;
    }

    private static String checkedId(String id) {
        if (!ID.matcher(id).matches()) {
            throw new IllegalArgumentException(
                    "a master key's id has 1 to 50 letters, digits, dots, underscores or hyphens");
        }
        return id;
    }

    private static byte[] checked(String id, byte[] key) {
        if (key.length != AesGcm.KEY_BYTES) {
            throw new IllegalArgumentException(
                    "the master key " + id + " has " + key.length + " bytes instead of " + AesGcm.KEY_BYTES);
        }
        boolean constant = true;
        for (byte one : key) {
            constant &= one == key[0];
        }
        if (constant) {
            throw new IllegalArgumentException("the master key " + id + " is one byte again and again, and not random");
        }
        return key;
    }

    /** The id of the one that wraps new keys. */
    public String current() {
        return current;
    }

    boolean has(String id) {
        return keys.containsKey(id);
    }

    byte[] wrap(String keyId, byte[] key) {
        return cipher.seal(key(current), bound(keyId, current), key);
    }

    /** Empty if what is wrapped is not this key, or not wrapped by that master key. */
    Optional<byte[]> unwrap(String keyId, String masterKeyId, byte[] wrapped) {
        return cipher.open(key(masterKeyId), bound(keyId, masterKeyId), wrapped);
    }

    private byte[] key(String id) {
        byte[] key = keys.get(id);
        if (key == null) {
            throw new IllegalArgumentException("there is no master key " + id);
        }
        return key;
    }

    /** So that a row's key is of no use in another row. */
    private static byte[] bound(String keyId, String masterKeyId) {
        return ("farandole-key:v1:" + keyId + ":" + masterKeyId).getBytes(StandardCharsets.UTF_8);
    }

    /** The ids alone. */
    @Override
    public String toString() {
        return "MasterKeys" + keys.keySet();
    }
}
