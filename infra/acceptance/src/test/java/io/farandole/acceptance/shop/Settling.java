package io.farandole.acceptance.shop;

import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.acceptance.checker.Violation;
import io.farandole.testservers.Patience;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/** Waits until a shop is quiescent and right. */
public final class Settling {

    private Settling() {}

    /** Fails with what the checker finds if it still finds something after that time. */
    public static void awaitSettled(RunningShop shop, Set<String> accepted, Duration within) {
        List<Violation> found = new CopyOnWriteArrayList<>();
        try {
            Patience.await().atMost(within).pollInterval(Duration.ofSeconds(2)).until(() -> {
                List<Violation> now = shop.violations(accepted);
                found.clear();
                found.addAll(now);
                return now.isEmpty();
            });
        } finally {
            assertThat(found).isEmpty();
        }
    }
}
