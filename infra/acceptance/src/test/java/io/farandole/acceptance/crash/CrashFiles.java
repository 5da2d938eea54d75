package io.farandole.acceptance.crash;

import io.farandole.messaging.failpoint.Failpoint;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.EnumSet;
import java.util.Set;

/**
 * What a process and its supervisor tell each other, in files beside each other: where it is to die, which failpoints it has passed, and
 * where it died.
 *
 * @param place the path that their names begin with
 */
record CrashFiles(Path place) {

    /** The environment variable that holds the place. */
    static final String PLACE = "FARANDOLE_ACCEPTANCE_CRASH";

    Path census() {
        return file("census");
    }

    Path death() {
        return file("death");
    }

    private Path file(String kind) {
        return place.resolveSibling(place.getFileName() + "." + kind);
    }

    /** Failpoint and passage; empty if it is to live. */
    String[] plan() throws IOException {
        Path plan = file("plan");
        String text = Files.exists(plan) ? Files.readString(plan).strip() : "";
        return text.isEmpty() ? new String[0] : text.split(" ");
    }

    /** For the process that runs without a plan, or for the next one that is started. */
    void planDeathAt(CrashPoint point) throws IOException {
        Files.deleteIfExists(death());
        // Whole at once: the process may be looking.
        Files.writeString(file("draft"), point.failpoint() + " " + point.passage());
        Files.move(file("draft"), file("plan"), StandardCopyOption.ATOMIC_MOVE);
    }

    void planLife() throws IOException {
        Files.deleteIfExists(file("plan"));
        Files.deleteIfExists(death());
    }

    /** Whether a process died as it was to; if not, it ended in another way. */
    boolean diedAt(CrashPoint point) throws IOException {
        return Files.exists(death())
                && Files.readString(death()).equals(point.failpoint().name());
    }

    /** Everything passed by all processes that were started here. */
    Set<Failpoint> passed() throws IOException {
        Set<Failpoint> passed = EnumSet.noneOf(Failpoint.class);
        if (Files.exists(census())) {
            for (String name : Files.readAllLines(census())) {
                passed.add(Failpoint.valueOf(name));
            }
        }
        return passed;
    }
}
