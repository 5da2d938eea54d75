package io.farandole.audit.seal;

import io.farandole.verifier.Checkpoint;
import io.farandole.verifier.bundle.BundleSignature;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Signs checkpoints with an Ed25519 key. Thread-safe. */
public final class CheckpointSigner {

    private static final Pattern PEM =
            Pattern.compile("-----BEGIN PRIVATE KEY-----\\s+([A-Za-z0-9+/=\\s]+?)-----END PRIVATE KEY-----");

    private final PrivateKey key;

    /** With a private key. */
    public CheckpointSigner(PrivateKey key) {
        this.key = key;
    }

    /**
     * With the key of a PKCS#8 PEM file, as {@code openssl genpkey -algorithm ed25519} writes it.
     *
     * @throws IllegalArgumentException if it cannot be read, or holds no such key
     */
    public static CheckpointSigner read(Path file) {
        String text;
        try {
            text = Files.readString(file, StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw new IllegalArgumentException(file + " cannot be read (" + e + ")", e);
        }
        Matcher matcher = PEM.matcher(text);
        if (!matcher.find()) {
            throw new IllegalArgumentException(file + " holds no private key in PKCS#8 PEM form without a password");
        }
        try {
            byte[] encoded = Base64.getMimeDecoder().decode(matcher.group(1));
            return new CheckpointSigner(
                    KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(encoded)));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IllegalArgumentException(file + " holds a key of another kind than Ed25519, or a damaged one", e);
        }
    }

    Checkpoint sign(Checkpoint unsigned) {
        return unsigned.signed(signature(unsigned.signedBytes()));
    }

    /** Signs what is exported. What is signed begins otherwise than a checkpoint, so neither can be taken for the other. */
    public BundleSignature sign(BundleSignature unsigned) {
        return unsigned.signed(signature(unsigned.signedBytes()));
    }

    private String signature(byte[] bytes) {
        try {
            Signature signing = Signature.getInstance("Ed25519");
            signing.initSign(key);
            signing.update(bytes);
            return Base64.getEncoder().encodeToString(signing.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("A checkpoint or an export could not be signed", e);
        }
    }

    /** Not the key. */
    @Override
    public String toString() {
        return "CheckpointSigner";
    }
}
