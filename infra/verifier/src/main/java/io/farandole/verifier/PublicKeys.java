package io.farandole.verifier;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads public keys, and asks whether one of them signed something. Stateless. */
public final class PublicKeys {

    private static final Pattern PEM =
            Pattern.compile("-----BEGIN PUBLIC KEY-----\\s+([A-Za-z0-9+/=\\s]+?)-----END PUBLIC KEY-----");

    private PublicKeys() {}

    /**
     * The Ed25519 keys of a PEM file, as {@code openssl pkey -pubout} writes them.
     *
     * @throws IllegalArgumentException if there is none in it; it says what is there instead, if that is known
     * @throws IOException if the file cannot be read
     */
    public static List<PublicKey> read(Path file) throws IOException {
        String text = Files.readString(file, StandardCharsets.US_ASCII);
        List<PublicKey> keys = new ArrayList<>();
        Matcher matcher = PEM.matcher(text);
        while (matcher.find()) {
            keys.add(key(file, matcher.group(1)));
        }
        if (keys.isEmpty()) {
            throw new IllegalArgumentException(
                    file + (text.contains("PRIVATE KEY") ? " holds a private key" : " holds no public key")
                            + ": give the file that `openssl pkey -in <private key> -pubout` writes");
        }
        return keys;
    }

    /**
     * Whether one of these keys signed these bytes.
     *
     * @param signature of Ed25519, in Base64; what is none was made by nobody
     */
    public static boolean haveSigned(Collection<PublicKey> keys, byte[] signed, String signature) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(signature);
        } catch (IllegalArgumentException e) {
            return false;
        }
        return keys.stream().anyMatch(key -> hasSigned(key, signed, bytes));
    }

    private static boolean hasSigned(PublicKey key, byte[] signed, byte[] signature) {
        try {
            Signature verifying = Signature.getInstance("Ed25519");
            verifying.initVerify(key);
            verifying.update(signed);
            return verifying.verify(signature);
        } catch (GeneralSecurityException e) {
            // No signature at all, by its length or by its content: not one of this key's.
            return false;
        }
    }

    private static PublicKey key(Path file, String base64) {
        try {
            byte[] encoded = Base64.getMimeDecoder().decode(base64);
            return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(file + " holds a key of another kind than Ed25519, or a damaged one", e);
        }
    }
}
