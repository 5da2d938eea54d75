package io.farandole.shop.order.registration;

import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** The secret by which addresses are recognised. */
final class ClaimKey {

    private static final int SHORTEST = 32;
    private static final String PROPERTY = "shop.registration.claim-key";
    private static final String REMEDY =
            ": it is a secret of " + SHORTEST + " bytes or more in Base64, made by 'openssl rand -base64 32'";

    private final byte[] bytes;

    private ClaimKey(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * Reads one.
     *
     * @throws IllegalStateException if there is none, or one that can be guessed
     */
    static ClaimKey parse(@Nullable String text) {
        if (text == null || text.isBlank()) {
            throw new IllegalStateException("spring.mail.host is set, and " + PROPERTY + " is not" + REMEDY);
        }
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(text.strip());
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException(PROPERTY + " is not Base64" + REMEDY);
        }
        if (bytes.length < SHORTEST || isConstant(bytes)) {
            throw new IllegalStateException(PROPERTY + " is too short, or one byte repeated" + REMEDY);
        }
        return new ClaimKey(bytes);
    }

    private static boolean isConstant(byte[] bytes) {
        for (byte each : bytes) {
            if (each != bytes[0]) {
                return false;
            }
        }
        return true;
    }

    EmailDigest digest(EmailAddress address) {
        return address.digest(bytes);
    }

    /** Without it. */
    @Override
    public String toString() {
        return "ClaimKey";
    }
}
