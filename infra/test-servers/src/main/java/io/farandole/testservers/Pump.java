package io.farandole.testservers;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiPredicate;

/** Carries the bytes of one connection in one direction: a reader notes when each chunk came, a writer sends it when due. */
final class Pump {

    /** How many chunks may wait; then the sender does, as on a real network with full buffers. */
    private static final int QUEUE = 256;

    private static final int CHUNK = 16 * 1024;

    private record Chunk(ByteBuffer bytes, long readAt) {}

    private final Socket from;
    private final Socket to;
    private final Wire wire;
    private final BiPredicate<byte[], ByteArrayOutputStream> passage;
    private final Runnable reset;
    private final Runnable ended;
    private final BlockingQueue<Chunk> queue = new LinkedBlockingQueue<>(QUEUE);
    private volatile boolean stopped;

    /**
     * One direction of a connection.
     *
     * @param passage writes what is handed on of what comes, and tells whether the connection goes on
     * @param reset what to do when either end is gone
     * @param ended what to do when the sender has ended in order, and everything was handed on
     */
    Pump(
            Socket from,
            Socket to,
            Wire wire,
            BiPredicate<byte[], ByteArrayOutputStream> passage,
            Runnable reset,
            Runnable ended) {
        this.from = from;
        this.to = to;
        this.wire = wire;
        this.passage = passage;
        this.reset = reset;
        this.ended = ended;
    }

    void start(String name) {
        Threads.start(name + "-read", this::read);
        Threads.start(name + "-write", this::write);
    }

    boolean stopped() {
        return stopped;
    }

    void stop() {
        stopped = true;
        wire.wake();
    }

    private void read() {
        byte[] buffer = new byte[CHUNK];
        try {
            InputStream in = from.getInputStream();
            for (int length = in.read(buffer); length >= 0 && !stopped; length = in.read(buffer)) {
                offer(new Chunk(ByteBuffer.wrap(Arrays.copyOf(buffer, length)), System.nanoTime()));
            }
            // An orderly end travels behind the bytes.
            offer(new Chunk(ByteBuffer.allocate(0), System.nanoTime()));
        } catch (IOException gone) {
            reset.run();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            reset.run();
        }
    }

    private void offer(Chunk chunk) throws InterruptedException {
        boolean taken = false;
        while (!taken && !stopped) {
            taken = queue.offer(chunk, 1, TimeUnit.SECONDS);
        }
    }

    private void write() {
        try {
            OutputStream out = to.getOutputStream();
            while (!stopped) {
                Chunk chunk = queue.poll(1, TimeUnit.SECONDS);
                if (chunk == null || !wire.awaitDue(chunk.readAt(), this)) {
                    continue;
                }
                if (wire.swallows()) {
                    continue;
                }
                if (chunk.bytes().remaining() == 0) {
                    to.shutdownOutput();
                    ended.run();
                    return;
                }
                ByteArrayOutputStream handedOn =
                        new ByteArrayOutputStream(chunk.bytes().remaining());
                boolean goesOn = passage.test(chunk.bytes().array(), handedOn);
                // Counted before anybody can have an answer to it: a limit that is set after the answer does not count
                // it again.
                Runnable after = wire.count(handedOn.size());
                handedOn.writeTo(out);
                out.flush();
                if (after != null) {
                    after.run();
                }
                if (!goesOn) {
                    reset.run();
                    return;
                }
            }
        } catch (IOException gone) {
            reset.run();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            reset.run();
        }
    }
}
