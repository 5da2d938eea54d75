package io.farandole.boot.audit;

import io.farandole.audit.seal.SealState;
import io.farandole.audit.seal.Sealer;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

/**
 * How far the journal is sealed. What is wrong with it makes no service unavailable, for orders go on: it shows as a detail, with
 * the status {@code UNPROVEN}, which maps to HTTP 200.
 */
class SealHealth extends AbstractHealthIndicator {

    static final Status UNPROVEN = new Status("UNPROVEN", "History cannot be proven unaltered at the moment");

    private final Sealer sealer;

    SealHealth(Sealer sealer) {
        super("How far the journal is sealed cannot be read");
        this.sealer = sealer;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        SealState state = sealer.state();
        builder.up()
                .withDetail("sealedUpTo", state.sealedUpTo())
                .withDetail("behind", state.behind())
                .withDetail(
                        "checkpoints",
                        !sealer.hasCheckpoints()
                                ? "none are made: farandole.audit.seal.signing-key is not set"
                                : state.checkpoints() + ", stored up to position " + state.checkpointedUpTo()
                                        + (state.unstored() == 0
                                                ? ""
                                                : "; " + state.unstored() + " are not stored yet"));
        if (state.sealedAt() != null) {
            builder.withDetail("sealedAt", state.sealedAt().toString());
        }
        if (state.problem() != null) {
            builder.status(UNPROVEN).withDetail("problem", state.problem());
        }
    }
}
