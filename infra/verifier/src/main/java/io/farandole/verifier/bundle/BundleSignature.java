package io.farandole.verifier.bundle;

import io.farandole.verifier.Hash;
import io.farandole.verifier.PublicKeys;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Collection;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a context signs of a bundle, as a few lines of text; the signature (Ed25519) is over all lines above it. The first line
 * says what the signature means, and none of its meanings is that of a checkpoint, which the same key signs.
 *
 * @param kind what is signed
 * @param context that signed
 * @param export the id of the export
 * @param by the operator who had signed in there
 * @param time when, by that service's clock
 * @param sha256 of the manifest's bytes
 * @param signature in Base64
 */
public record BundleSignature(
        Kind kind, String context, String export, String by, Instant time, Hash sha256, String signature) {

    /** What is signed. */
    public enum Kind {
        /** The context's own part: this is what its journal held. */
        PART("farandole bundle part 1"),
        /** The bundle as a whole: this is what the operator handed in, and nothing has changed in it since. */
        BUNDLE("farandole bundle 1");

        private final String line;

        Kind(String line) {
            this.line = line;
        }
    }

    private static final Pattern TEXT = Pattern.compile(
            """
            (farandole bundle(?: part)? 1)
            context: ([^\n]+)
            export: ([^\n]+)
            by: ([^\n]+)
            time: ([0-9TZ:.-]+)
            sha256: ([0-9a-f]{64})
            signature: ([A-Za-z0-9+/=]+)
            """);

    public BundleSignature {
        if ((context + export + by).chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("names in a signature are on one line each");
        }
    }

    /**
     * Reads a signature.
     *
     * @throws IllegalArgumentException if it is damaged, or of a version that this program does not know
     */
    public static BundleSignature parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("it is no signature of version 1, or it is damaged");
        }
        BundleSignature parsed;
        try {
            parsed = new BundleSignature(
                    matcher.group(1).equals(Kind.PART.line) ? Kind.PART : Kind.BUNDLE,
                    matcher.group(2),
                    matcher.group(3),
                    matcher.group(4),
                    Instant.parse(matcher.group(5)),
                    Hash.parse(matcher.group(6)),
                    matcher.group(7));
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("its time is damaged", e);
        }
        if (!parsed.text().equals(text)) {
            throw new IllegalArgumentException("it is not written as signatures are");
        }
        return parsed;
    }

    /** The same with a signature in Base64. */
    public BundleSignature signed(String newSignature) {
        return new BundleSignature(kind, context, export, by, time, sha256, newSignature);
    }

    /** The bytes that the signature is over. */
    public byte[] signedBytes() {
        return unsignedText().getBytes(StandardCharsets.UTF_8);
    }

    private String unsignedText() {
        return kind.line + "\ncontext: " + context + "\nexport: " + export + "\nby: " + by + "\ntime: " + time
                + "\nsha256: " + sha256 + "\n";
    }

    /** All of it, as it is stored. */
    public String text() {
        return unsignedText() + "signature: " + signature + "\n";
    }

    /** Whether one of these keys signed it. */
    public boolean signedBy(Collection<PublicKey> keys) {
        return PublicKeys.haveSigned(keys, signedBytes(), signature);
    }
}
