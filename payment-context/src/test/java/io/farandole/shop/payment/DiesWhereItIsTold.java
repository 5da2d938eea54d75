package io.farandole.shop.payment;

import io.farandole.messaging.failpoint.Failpoint;
import io.farandole.messaging.failpoint.FailpointListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicInteger;

/** Ends the process at a place, once it is armed, as {@code kill -9} would. Needs the properties that {@link DyingService} sets. */
public final class DiesWhereItIsTold implements FailpointListener {

    static final String AT = "payment.dies-at";
    static final String AFTER = "payment.dies-after";
    static final String ARMED = "payment.armed";

    private static final int KILLED = 137;
    private static final String DEADLY = System.getProperty(AT, "nowhere");
    private static final AtomicInteger LEFT = new AtomicInteger(Integer.getInteger(AFTER, 1));
    private static final Path FILE = Path.of(System.getProperty(ARMED, "never"));
    private static volatile boolean isArmed;

    @Override
    public void reached(Failpoint failpoint) {
        passes(failpoint.name());
    }

    /** The current thread is there: a failpoint, or a place that a test has a name for. */
    public static void passes(String place) {
        if (!place.equals(DEADLY)) {
            return;
        }
        isArmed = isArmed || Files.exists(FILE);
        if (isArmed && LEFT.decrementAndGet() == 0) {
            try {
                Files.writeString(FILE, "died", StandardOpenOption.APPEND);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            Runtime.getRuntime().halt(KILLED);
        }
    }
}
