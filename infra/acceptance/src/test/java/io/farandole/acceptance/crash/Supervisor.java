package io.farandole.acceptance.crash;

import io.farandole.acceptance.shop.ServiceProcess;
import io.farandole.testservers.Patience;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.awaitility.core.ConditionTimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a running service die at one point after the other, and starts it again each time, as an orchestrator does. Used by one thread, which is then the
 * only one that uses the process.
 */
final class Supervisor implements Callable<Void> {

    private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);
    private static final Duration PASSES_WITHIN = Duration.ofMinutes(4);

    private final ServiceProcess service;
    private final CrashFiles files;
    private final List<CrashPoint> points;

    Supervisor(ServiceProcess service, CrashFiles files, List<CrashPoint> points) {
        this.service = service;
        this.files = files;
        this.points = points;
    }

    /** Returns when it has died everywhere, and is ready again. */
    @Override
    public Void call() throws IOException, InterruptedException {
        if (points.isEmpty()) {
            return null;
        }
        for (CrashPoint point : points) {
            files.planDeathAt(point);
            if (!service.isAlive()) {
                service.start();
            }
            awaitDeath(point);
            LOG.info("Died: {}", point);
        }
        files.planLife();
        service.start();
        service.awaitReady();
        return null;
    }

    private void awaitDeath(CrashPoint point) throws IOException {
        try {
            Patience.await().atMost(PASSES_WITHIN).until(() -> !service.isAlive());
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(
                    point + ": not reached within " + PASSES_WITHIN + "; passed were " + files.passed(), e);
        }
        if (!files.diedAt(point)) {
            throw new AssertionError(point + ": it ended otherwise; see " + service.log());
        }
    }
}
