package io.farandole.cli;

import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.databind.JsonNode;

/**
 * Follows a rebuild to its end: with a bar at a terminal, with a line for each tenth otherwise. A service that is restarted meanwhile is
 * waited for; the rebuild goes on without whoever follows it.
 */
final class RebuildProgress {

    private static final int WIDTH = 30;
    private static final int PATIENCE = 60;
    private static final long FIRST_LOOK = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long BETWEEN_LOOKS = TimeUnit.SECONDS.toNanos(1);

    private final Service service;
    private final PrintWriter err;
    private final boolean atTerminal;
    private int toldTenth = -1;

    RebuildProgress(Surroundings surroundings, Service service) {
        this.service = service;
        this.err = surroundings.err();
        this.atTerminal = surroundings.terminal().isThere();
    }

    JsonNode follow(JsonNode started) {
        String id = Text.of(started.path("id"));
        JsonNode rebuild = started;
        int notReached = 0;
        long pause = FIRST_LOOK;
        err.println("Number " + id + " has begun; interrupting this command does not stop it. See `rebuild status " + id
                + "`.");
        while (!RebuildText.isEnded(rebuild) && !Text.of(rebuild.path("state")).equals("PAUSED")) {
            LockSupport.parkNanos(pause);
            pause = Math.min(2 * pause, BETWEEN_LOOKS);
            try {
                rebuild = service.operations("/rebuild/" + PathSegment.of(id), Map.of())
                        .path("rebuild");
                notReached = 0;
            } catch (EndedException e) {
                if (e.exitCode() != ExitCode.NOT_REACHED || ++notReached > PATIENCE) {
                    throw e;
                }
            }
            tell(rebuild);
        }
        if (atTerminal) {
            err.println();
        }
        err.flush();
        return rebuild;
    }

    private void tell(JsonNode rebuild) {
        int percent = RebuildText.isEnded(rebuild) ? 100 : RebuildText.percent(rebuild);
        if (atTerminal) {
            int full = percent * WIDTH / 100;
            err.print(
                    "\r[" + "#".repeat(full) + ".".repeat(WIDTH - full) + "] " + RebuildText.progress(rebuild) + "   ");
        } else if (percent / 10 > toldTenth) {
            toldTenth = percent / 10;
            err.println(RebuildText.progress(rebuild));
        }
        err.flush();
    }
}
