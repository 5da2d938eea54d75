package io.farandole.cli;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Ends a read for which nothing comes, by closing what is read: a service may stop without its connection being closed. */
final class StalledStream extends FilterInputStream {

    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "farandole-stalled");
        thread.setDaemon(true);
        return thread;
    });

    private final long patience;
    private volatile long waitingSince = Long.MAX_VALUE;
    private volatile boolean stalled;

    StalledStream(InputStream in, Duration patience) {
        super(in);
        this.patience = patience.toNanos();
        long every = Math.max(1, this.patience / 10);
        var unused = watch.scheduleWithFixedDelay(this::look, every, every, TimeUnit.NANOSECONDS);
    }

    private void look() {
        long since = waitingSince;
        if (since != Long.MAX_VALUE && System.nanoTime() - since > patience) {
            stalled = true;
            try {
                in.close();
            } catch (IOException e) {
                // The read that waits ends with it, and tells.
                watch.shutdown();
            }
        }
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        int count = read(one, 0, 1);
        return count < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        waitingSince = System.nanoTime();
        try {
            int count = in.read(target, offset, length);
            if (stalled) {
                throw new IOException("nothing came for a while");
            }
            return count;
        } catch (IOException e) {
            throw stalled ? new IOException("nothing came for a while", e) : e;
        } finally {
            waitingSince = Long.MAX_VALUE;
        }
    }

    @Override
    public void close() throws IOException {
        watch.shutdownNow();
        super.close();
    }
}
