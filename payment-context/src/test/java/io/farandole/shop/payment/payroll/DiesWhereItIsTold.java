package io.farandole.shop.payment.payroll;

import io.farandole.messaging.failpoint.Failpoint;
import io.farandole.messaging.failpoint.FailpointListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicInteger;

/** Ends the process at a failpoint, once it is armed, as {@code kill -9} would. Needs the properties that {@link DyingService} sets. */
public final class DiesWhereItIsTold implements FailpointListener {

    static final int KILLED = 137;

    private final Failpoint deadly = Failpoint.valueOf(System.getProperty("payroll.dies-at", "UNIT_WRITING"));
    private final AtomicInteger left = new AtomicInteger(Integer.getInteger("payroll.dies-after", 1));
    private final Path armed = Path.of(System.getProperty("payroll.armed", "never"));
    private volatile boolean isArmed;

    @Override
    public void reached(Failpoint failpoint) {
        if (failpoint != deadly) {
            return;
        }
        isArmed = isArmed || Files.exists(armed);
        if (isArmed && left.decrementAndGet() == 0) {
            try {
                Files.writeString(armed, "died", StandardOpenOption.APPEND);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            Runtime.getRuntime().halt(KILLED);
        }
    }
}
