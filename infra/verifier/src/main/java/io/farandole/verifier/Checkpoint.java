package io.farandole.verifier;

import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How far a journal was sealed at some time, signed, to be kept outside of the database: whoever can write there can make all
 * seals anew, but not a checkpoint. A few lines of text; the signature (Ed25519) is over all lines above it.
 *
 * @param context whose journal it is
 * @param number 1, 2, 3, ...
 * @param seal the number of the newest seal
 * @param position the position of its last row
 * @param rows how many rows are sealed up to there
 * @param hash the hash of the newest seal
 * @param previous the hash of the text of the checkpoint before; {@link Hash#NONE} for the first
 * @param time when it was signed
 * @param signature in Base64
 */
public record Checkpoint(
        String context,
        long number,
        long seal,
        long position,
        long rows,
        Hash hash,
        Hash previous,
        Instant time,
        String signature) {

    private static final Pattern TEXT = Pattern.compile(
            """
            farandole checkpoint 1
            context: ([^\n]+)
            number: ([0-9]{1,18})
            seal: ([0-9]{1,18})
            position: ([0-9]{1,18})
            rows: ([0-9]{1,18})
            hash: ([0-9a-f]{64})
            previous: ([0-9a-f]{64})
            time: ([0-9TZ:.-]+)
            signature: ([A-Za-z0-9+/=]+)
            """);

    /**
     * Reads a checkpoint.
     *
     * @throws IllegalArgumentException if it is damaged, or of a version that this program does not know
     */
    public static Checkpoint parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("this is not a checkpoint of version 1, or it is damaged");
        }
        Checkpoint parsed;
        try {
            parsed = new Checkpoint(
                    matcher.group(1),
                    Long.parseLong(matcher.group(2)),
                    Long.parseLong(matcher.group(3)),
                    Long.parseLong(matcher.group(4)),
                    Long.parseLong(matcher.group(5)),
                    Hash.parse(matcher.group(6)),
                    Hash.parse(matcher.group(7)),
                    Instant.parse(matcher.group(8)),
                    matcher.group(9));
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("its time is damaged", e);
        }
        if (!parsed.text().equals(text)) {
            throw new IllegalArgumentException("it is not written as checkpoints are");
        }
        return parsed;
    }

    /** The same with a signature in Base64. */
    public Checkpoint signed(String newSignature) {
        return new Checkpoint(context, number, seal, position, rows, hash, previous, time, newSignature);
    }

    /** The bytes that the signature is over. */
    public byte[] signedBytes() {
        return unsignedText().getBytes(StandardCharsets.UTF_8);
    }

    private String unsignedText() {
        return "farandole checkpoint 1\ncontext: " + context + "\nnumber: " + number + "\nseal: " + seal
                + "\nposition: "
                + position + "\nrows: " + rows + "\nhash: " + hash + "\nprevious: " + previous + "\ntime: " + time
                + "\n";
    }

    /** All of it, as it is stored. */
    public String text() {
        return unsignedText() + "signature: " + signature + "\n";
    }

    /** What the next one names as its previous one. */
    public Hash textHash() {
        return Hash.over(text().getBytes(StandardCharsets.UTF_8));
    }

    /** Whether one of these keys signed it. */
    public boolean signedBy(Collection<PublicKey> keys) {
        return PublicKeys.haveSigned(keys, signedBytes(), signature);
    }

    /**
     * Whether seals are a piece of the chain that this checkpoint closes: each genuine, each following the one before, and the
     * last one signed. With an {@link InclusionProof} by the first, a row is proven by the signature.
     */
    public boolean closes(List<Seal> chain) {
        for (int i = 0; i < chain.size(); i++) {
            if (!chain.get(i).genuine() || (i > 0 && !chain.get(i).follows(chain.get(i - 1)))) {
                return false;
            }
        }
        return !chain.isEmpty() && names(chain.get(chain.size() - 1));
    }

    /** Whether a seal is the one that was signed. */
    public boolean names(Seal other) {
        return context.equals(other.context())
                && seal == other.number()
                && position == other.upTo()
                && rows == other.total()
                && hash.equals(other.hash());
    }
}
