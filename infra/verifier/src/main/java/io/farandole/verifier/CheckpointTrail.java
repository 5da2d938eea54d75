package io.farandole.verifier;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.PublicKey;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The genuine checkpoints of a context, one after the other; what is forged or missing is told instead. Used by one thread. */
final class CheckpointTrail {

    private final CheckpointFiles files;
    private final String context;
    private final List<PublicKey> keys;
    private final Consumer<Fault> faults;
    private final long[] numbers;
    private int at;
    private @Nullable Checkpoint previous;
    private @Nullable Checkpoint lastGenuine;
    private int genuine;

    CheckpointTrail(CheckpointFiles files, String context, Collection<PublicKey> keys, Consumer<Fault> faults)
            throws IOException {
        this.files = files;
        this.context = context;
        this.keys = List.copyOf(keys);
        this.faults = faults;
        this.numbers = files.numbers();
    }

    /** How many files there are. */
    int files() {
        return numbers.length;
    }

    /** The number of the newest file; 0 if there is none. */
    long newest() {
        return numbers.length == 0 ? 0 : numbers[numbers.length - 1];
    }

    /** How many were found to be genuine so far. */
    int genuine() {
        return genuine;
    }

    /** The next one; null after the last. */
    @Nullable Checkpoint next() throws IOException {
        while (at < numbers.length) {
            long expected = at == 0 ? 1 : numbers[at - 1] + 1;
            long number = numbers[at++];
            if (number > expected) {
                faults.accept(Fault.ofCheckpoint(
                        Fault.Kind.CHECKPOINT_MISSING,
                        expected,
                        (number - 1 > expected
                                        ? "checkpoints " + expected + " to " + (number - 1) + " are"
                                        : "checkpoint " + expected + " is")
                                + " missing, while there is a later one: " + files.file(expected)));
                previous = null;
            }
            Checkpoint read = read(number, number == 1 || number > expected);
            if (read != null) {
                genuine++;
                lastGenuine = read;
                return read;
            }
        }
        return null;
    }

    private @Nullable Checkpoint read(long number, boolean nothingBefore) throws IOException {
        Checkpoint read;
        try {
            read = Checkpoint.parse(Files.readString(files.file(number), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException | CharacterCodingException e) {
            forged(number, String.valueOf(e.getMessage()));
            previous = null;
            return null;
        }
        String wrong = wrong(read, number, nothingBefore);
        Checkpoint before = previous;
        previous = wrong == null ? read : null;
        if (wrong != null) {
            forged(number, wrong);
            return null;
        }
        if (before != null && !read.previous().equals(before.textHash())) {
            // Signed, so it is what was written; then it is the one before that was exchanged.
            forged(
                    number - 1,
                    "the one after it, which is signed, follows another text than " + files.file(number - 1)
                            + " holds");
        }
        return read;
    }

    private @Nullable String wrong(Checkpoint read, long number, boolean nothingBefore) {
        if (!read.signedBy(keys)) {
            return "none of the given public keys has signed it";
        }
        if (!read.context().equals(context)) {
            return "it is one of " + read.context();
        }
        if (read.number() != number) {
            return "it is checkpoint " + read.number();
        }
        if (number == 1 && nothingBefore && !read.previous().equals(Hash.NONE)) {
            return "it is not the first one";
        }
        Checkpoint last = lastGenuine;
        if (last != null && (read.seal() < last.seal() || read.position() < last.position())) {
            return "it is behind checkpoint " + last.number();
        }
        return null;
    }

    private void forged(long number, String why) {
        faults.accept(Fault.ofCheckpoint(
                Fault.Kind.CHECKPOINT_FORGED, number, "checkpoint " + number + " is not genuine: " + why));
    }
}
