package io.farandole.acceptance.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Two minutes of {@code infra/chaos.sh}, with a seed of their own each time: {@code -Dfarandole.acceptance.seed} gives one. */
class ChaosIT {

    private static final Logger LOG = LoggerFactory.getLogger(ChaosIT.class);

    @Test
    @Tag("slow")
    void theShopStaysRightThroughFaultsOfEveryKind() throws Exception {
        long seed = Long.getLong("farandole.acceptance.seed", System.nanoTime() & 0xffffff);
        LOG.info("Seed {}", seed);
        Verdict verdict = new ChaosRun(seed, Duration.ofMinutes(2), LOG::info).run();
        LOG.info("{}", verdict);
        assertThat(verdict.problems()).as("seed %s", seed).isEmpty();
        assertThat(verdict.strikes()).isGreaterThan(10);
        assertThat(verdict.accepted()).isGreaterThan(100);
    }
}
