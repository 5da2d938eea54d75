package io.farandole.audit.personal;

import io.farandole.messaging.Personal;
import io.farandole.messaging.PersonalData;
import io.farandole.messaging.PersonalDataException;
import io.farandole.messaging.PersonalDataException.Reason;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/** {@link PersonalData} with this context's keys, and with others' by their grants. */
public final class KeyedPersonalData implements PersonalData {

    private final OwnKeys own;
    private final ForeignKeys foreign;
    private final RememberedKeys remembered;
    private final AesGcm cipher = new AesGcm();

    /**
     * With these keys.
     *
     * @param rememberFor how long others' keys are kept in memory; zero for not at all
     * @param nanos tells the time that passes, as {@link System#nanoTime}
     */
    public KeyedPersonalData(OwnKeys own, ForeignKeys foreign, Duration rememberFor, LongSupplier nanos) {
        this.own = own;
        this.foreign = foreign;
        this.remembered = new RememberedKeys(rememberFor, nanos);
    }

    @Override
    public boolean canSeal() {
        return own.canSeal();
    }

    @Override
    public Personal seal(String person, String scope, String clear) {
        if (person.isEmpty() || scope.isEmpty()) {
            throw new IllegalArgumentException("Personal data belongs to a person and a scope");
        }
        OwnKeys.Named key = own.of(person, scope);
        byte[] sealed = cipher.seal(key.key(), bound(key.keyId()), clear.getBytes(StandardCharsets.UTF_8));
        return Personal.parse(Personal.PREFIX + key.keyId() + ":"
                + Base64.getUrlEncoder().withoutPadding().encodeToString(sealed));
    }

    @Override
    public List<Opened> open(List<Personal> personal) {
        Map<String, KeyAnswer> keys = keys(personal);
        List<Opened> opened = new ArrayList<>();
        personal.forEach(one -> opened.add(one.isProtected() ? open(one, keys) : Opened.clear(one.text())));
        return opened;
    }

    private Map<String, KeyAnswer> keys(List<Personal> personal) {
        Set<String> ours = new LinkedHashSet<>();
        Set<String> others = new LinkedHashSet<>();
        for (Personal one : personal) {
            if (one.isProtected()) {
                String keyId = keyId(one);
                (owner(keyId).equals(own.context()) ? ours : others).add(keyId);
            }
        }
        Map<String, KeyAnswer> keys = new HashMap<>();
        if (!ours.isEmpty()) {
            keys.putAll(own.find(ours));
        }
        others.forEach(keyId -> keys.put(keyId, ofOthers(keyId)));
        return keys;
    }

    private KeyAnswer ofOthers(String keyId) {
        return remembered.find(keyId).orElseGet(() -> {
            long asked = remembered.now();
            KeyAnswer answer = foreign.ask(owner(keyId), keyId);
            if (!(answer instanceof KeyAnswer.Unknown)) {
                remembered.remember(keyId, answer, asked);
            }
            return answer;
        });
    }

    private Opened open(Personal one, Map<String, KeyAnswer> keys) {
        String keyId = keyId(one);
        KeyAnswer answer = keys.get(keyId);
        if (answer instanceof KeyAnswer.Destroyed) {
            return Opened.erased();
        }
        if (answer instanceof KeyAnswer.Found found) {
            return cipher.open(found.key(), bound(keyId), sealed(one))
                    .map(clear -> Opened.clear(new String(clear, StandardCharsets.UTF_8)))
                    .orElseThrow(() -> damaged("does not open with its key " + keyId));
        }
        throw new PersonalDataException(
                Reason.DAMAGED,
                "Context " + owner(keyId) + " has never had the key " + keyId
                        + ": either the text was altered, or its key store is not the one that it was sealed with");
    }

    private static String keyId(Personal one) {
        return one.keyId().orElseThrow(() -> damaged("is not of the form that its beginning promises"));
    }

    private static byte[] sealed(Personal one) {
        try {
            return Base64.getUrlDecoder().decode(one.sealed().orElse(""));
        } catch (IllegalArgumentException e) {
            throw new PersonalDataException(
                    Reason.DAMAGED, "A sealed text is no base64url: it was altered, or cut off", e);
        }
    }

    private static PersonalDataException damaged(String how) {
        return new PersonalDataException(Reason.DAMAGED, "A sealed text " + how + ": it was altered, or cut off");
    }

    private static String owner(String keyId) {
        return keyId.substring(0, keyId.indexOf('.'));
    }

    /** The form's version, the context and the key: a ciphertext is of no use beside another key's id. */
    private static byte[] bound(String keyId) {
        return (Personal.PREFIX + keyId).getBytes(StandardCharsets.UTF_8);
    }
}
