package io.farandole.verifier;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Tells how far a verification has come: on one line of a terminal, or line by line. Used by one thread. */
public final class ProgressLines implements Progress {

    private static final long EVERY = TimeUnit.SECONDS.toNanos(2);

    private final PrintWriter out;
    private final boolean terminal;
    private final long began = System.nanoTime();
    private long told = began;

    /**
     * To a writer.
     *
     * @param terminal whether a person sits there, who wants one line
     */
    public ProgressLines(PrintWriter out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    @Override
    public void verified(long done, long total) {
        long now = System.nanoTime();
        if (now - told < EVERY) {
            return;
        }
        told = now;
        double seconds = (now - began) / 1e9;
        double rate = done / seconds;
        String line = String.format(
                Locale.ROOT,
                "%,d of %,d rows (%d %%), %,d rows/s, %d s left",
                done,
                total,
                total == 0 ? 100 : 100 * done / total,
                (long) rate,
                rate == 0 ? 0 : (long) ((total - done) / rate));
        out.print(terminal ? "\r" + line + "   " : line + System.lineSeparator());
        out.flush();
    }

    /** Leaves the terminal's line. */
    public void end() {
        if (terminal && told != began) {
            out.println();
            out.flush();
        }
    }
}
