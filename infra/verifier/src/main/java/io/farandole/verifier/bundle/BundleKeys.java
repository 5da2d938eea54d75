package io.farandole.verifier.bundle;

import io.farandole.verifier.PublicKeys;
import io.farandole.verifier.VerificationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Whose signatures count: keys of one context each, or of all. Immutable. */
public final class BundleKeys {

    private static final String ALL = "";

    private final Map<String, List<PublicKey>> keys;

    private BundleKeys(Map<String, List<PublicKey>> keys) {
        this.keys = keys;
    }

    /** Keys that may have signed for any context. */
    public static BundleKeys ofAll(List<PublicKey> keys) {
        return new BundleKeys(Map.of(ALL, List.copyOf(keys)));
    }

    /**
     * Reads keys.
     *
     * @param named {@code FILE} for all contexts, or {@code CONTEXT=FILE} for one
     * @throws VerificationException if a file cannot be read, or holds no public key; says what to do
     */
    public static BundleKeys read(List<String> named) throws VerificationException {
        Map<String, List<PublicKey>> keys = new LinkedHashMap<>();
        for (String each : named) {
            int equals = each.indexOf('=');
            boolean ofContext = equals > 0 && BundleNames.isContext(each.substring(0, equals));
            Path file = Path.of(ofContext && !Files.exists(Path.of(each)) ? each.substring(equals + 1) : each);
            String context = ofContext && !Files.exists(Path.of(each)) ? each.substring(0, equals) : ALL;
            try {
                keys.computeIfAbsent(context, name -> new ArrayList<>()).addAll(PublicKeys.read(file));
            } catch (IOException e) {
                throw new VerificationException("The public key " + file + " cannot be read (" + e + ")", e);
            } catch (IllegalArgumentException e) {
                throw new VerificationException(String.valueOf(e.getMessage()), e);
            }
        }
        if (keys.isEmpty()) {
            throw new VerificationException(
                    "Without a public key nobody can tell who made the bundle: give"
                            + " --public-key with the PEM file of who signs checkpoints, and CONTEXT=FILE where each context has its own");
        }
        return new BundleKeys(keys);
    }

    List<PublicKey> of(String context) {
        List<PublicKey> all = new ArrayList<>(keys.getOrDefault(ALL, List.of()));
        all.addAll(keys.getOrDefault(context, List.of()));
        return all;
    }
}
