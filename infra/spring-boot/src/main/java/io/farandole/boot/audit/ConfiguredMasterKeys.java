package io.farandole.boot.audit;

import io.farandole.audit.personal.MasterKeys;
import io.farandole.boot.FarandoleConfigurationException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads the master keys that the settings name. A message names a property, and quotes no key. */
final class ConfiguredMasterKeys {

    private static final String FILE = "file:";
    private static final String MAKE = "Make one with `openssl rand -base64 32`, keep a copy outside of this system,"
            + " and give it to the service as text or as file:/its/path.";

    private ConfiguredMasterKeys() {}

    /** Null if there are none. */
    static @Nullable MasterKeys of(PersonalProperties properties) {
        String current = properties.masterKey();
        if (current == null || current.isEmpty()) {
            if (properties.masterKeys().isEmpty()) {
                return null;
            }
            throw new FarandoleConfigurationException(
                    "There are farandole.personal.master-keys, and farandole.personal.master-key does not say which is the current one.",
                    "Set it to the id of one of them.");
        }
        Map<String, byte[]> keys = new TreeMap<>();
        properties.masterKeys().forEach((id, value) -> keys.put(id, decoded(id, value)));
        try {
            return new MasterKeys(current, keys);
        } catch (IllegalArgumentException e) {
            throw new FarandoleConfigurationException(
                    "farandole.personal.master-key or one of farandole.personal.master-keys is of no use: "
                            + e.getMessage() + ".",
                    MAKE);
        }
    }

    private static byte[] decoded(String id, String value) {
        String text = value.startsWith(FILE) ? content(id, value.substring(FILE.length())) : value;
        try {
            return Base64.getDecoder().decode(text.strip());
        } catch (IllegalArgumentException e) {
            throw new FarandoleConfigurationException(property(id) + " is no Base64.", MAKE);
        }
    }

    private static String content(String id, String path) {
        try {
            return Files.readString(Path.of(path), StandardCharsets.US_ASCII);
        } catch (IOException | InvalidPathException e) {
            throw new FarandoleConfigurationException(
                    property(id) + " names a file that cannot be read: " + e, "Let the service's user read it.");
        }
    }

    private static String property(String id) {
        return "farandole.personal.master-keys." + id;
    }
}
