package io.farandole.boot.operations;

import io.farandole.boot.audit.PersonalProperties;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.Principal;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The services that may have keys. Their secrets are random and long, so one round of SHA-256 keeps them, and asking for a key costs no
 * more than that; they are compared in constant time. Thread-safe.
 */
final class KeyGrants implements Passwords {

    private static final byte[] NOBODY = new byte[32];

    private final Map<String, PersonalProperties.Grant> grants;

    KeyGrants(Map<String, PersonalProperties.Grant> grants) {
        this.grants = new TreeMap<>(grants);
    }

    @Override
    public boolean isEmpty() {
        return grants.isEmpty();
    }

    @Override
    public String whatToSet() {
        return "No service may have keys of this context: set farandole.personal.grants.<name>.secret-hash and .scopes.";
    }

    @Override
    public Optional<Principal> signIn(String name, String password) {
        PersonalProperties.Grant grant = grants.get(name);
        String wanted = grant == null ? null : grant.secretHash();
        byte[] hash = wanted == null ? NOBODY : HexFormat.of().parseHex(wanted);
        boolean right = MessageDigest.isEqual(hash, sha256(password));
        return right && grant != null ? Optional.of(new KeyGrant(name, grant.scopes())) : Optional.empty();
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256", e);
        }
    }
}
