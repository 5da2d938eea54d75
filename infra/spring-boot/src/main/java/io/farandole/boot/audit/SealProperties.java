package io.farandole.boot.audit;

import io.farandole.audit.seal.SealSettings;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How the journal is sealed, so that an alteration of history shows.
 *
 * @param enabled whether this instance seals. Default true; it costs those who append nothing, and 33 bytes per event
 * @param every how long an event waits for its seal, as a rule. 10 ms or more; default 10 s
 * @param atMost at most so many events to a seal; so many new ones are sealed at once. 1 to 50,000; default 10,000
 * @param checkpointEvery how often a signed checkpoint is stored outside of the database, while there is something new. Default
 *     1 min
 * @param signingKey PKCS#8 PEM file of the Ed25519 key that signs checkpoints, the same for all instances. None by default:
 *     no checkpoints are made then, and whoever administers the database could make all seals anew
 * @param checkpoints the directory for checkpoints, which all instances share and the database's administrators cannot write to;
 *     wanted with a signing key, unless there is a CheckpointStore bean
 */
@ConfigurationProperties("farandole.audit.seal")
public record SealProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("10s") Duration every,
        @DefaultValue("10000") int atMost,
        @DefaultValue("1m") Duration checkpointEvery,
        @Nullable Path signingKey,
        @Nullable Path checkpoints) {

    public SealProperties {
        if (every.compareTo(Duration.ofMillis(10)) < 0) {
            throw new IllegalArgumentException("farandole.audit.seal.every is 10 ms or more, not " + every);
        }
        if (atMost < 1 || atMost > SealSettings.MOST) {
            throw new IllegalArgumentException(
                    "farandole.audit.seal.at-most is 1 to " + SealSettings.MOST + ", not " + atMost);
        }
        if (checkpointEvery.isNegative()) {
            throw new IllegalArgumentException(
                    "farandole.audit.seal.checkpoint-every is no negative duration, as " + checkpointEvery + " is");
        }
        if (checkpoints != null && signingKey == null) {
            throw new IllegalArgumentException(
                    "farandole.audit.seal.checkpoints is set, and checkpoints are worth nothing"
                            + " unsigned: set farandole.audit.seal.signing-key too");
        }
    }

    SealSettings settings() {
        return new SealSettings(every, atMost, checkpointEvery);
    }
}
