package io.farandole.verifier.bundle;

import io.farandole.verifier.Checkpoint;
import io.farandole.verifier.Seal;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The seals and checkpoints of a part; a line each, {@code {"seal": ...}} or {@code {"checkpoint": ...}}. Used by one thread. */
public final class BundleProofs {

    private final TreeMap<Long, Seal> seals = new TreeMap<>();
    private final List<Checkpoint> checkpoints = new ArrayList<>();
    private final Set<Long> proven = new HashSet<>();

    /** A seal as a line. */
    public static String line(Seal seal) {
        return "{\"seal\":" + Json.quoted(seal.text()) + "}";
    }

    /** A checkpoint's text as a line. */
    public static String checkpointLine(String text) {
        return "{\"checkpoint\":" + Json.quoted(text) + "}";
    }

    BundleProofs() {}

    /** Reads a line; what is wrong with it is told by an {@link IllegalArgumentException}. */
    void add(String line, String context, List<PublicKey> keys) {
        Members members = Json.object(line);
        if (members.has("seal")) {
            Seal seal = Seal.parse(members.text("seal"));
            if (!seal.context().equals(context)) {
                throw new IllegalArgumentException("this is a seal of " + seal.context());
            }
            if (!seal.genuine()) {
                throw new IllegalArgumentException("seal " + seal.number() + " was edited: its hash does not fit");
            }
            seals.put(seal.number(), seal);
            return;
        }
        Checkpoint checkpoint = Checkpoint.parse(members.text("checkpoint"));
        if (!checkpoint.context().equals(context) || !checkpoint.signedBy(keys)) {
            throw new IllegalArgumentException("checkpoint " + checkpoint.number()
                    + " is not genuine: none of the given public keys has signed it for " + context);
        }
        checkpoints.add(checkpoint);
    }

    /**
     * Follows the chains from each checkpoint back, once all lines are there; from then on it is known which seals are proven.
     *
     * @return a sentence on the first checkpoint that contradicts a seal; null if none does
     */
    @Nullable String follow() {
        Set<Long> signed = new HashSet<>();
        for (Checkpoint checkpoint : checkpoints) {
            Seal named = seals.get(checkpoint.seal());
            if (named != null && !checkpoint.names(named)) {
                return "checkpoint " + checkpoint.number() + " signs another seal " + named.number() + " than this one";
            }
            signed.add(checkpoint.seal());
        }
        Seal later = null;
        for (Map.Entry<Long, Seal> each : seals.descendingMap().entrySet()) {
            Seal seal = each.getValue();
            boolean next = later != null && later.number() == seal.number() + 1;
            if (next && later != null && !later.follows(seal)) {
                return "seal " + later.number() + " does not follow seal " + seal.number();
            }
            if (signed.contains(seal.number()) || (next && later != null && proven.contains(later.number()))) {
                proven.add(seal.number());
            }
            later = seal;
        }
        return null;
    }

    @Nullable Seal seal(long number) {
        return seals.get(number);
    }

    /** Whether a checkpoint covers a seal. */
    boolean isProven(long number) {
        return proven.contains(number);
    }
}
