package io.farandole.testservers;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Divides a stream of bytes into frames. Not thread-safe. */
final class Frames {

    private ByteBuffer held = ByteBuffer.allocate(0);

    /** Tells how long a frame is from how it begins. */
    @FunctionalInterface
    interface Length {

        /** The frame's length in bytes; 0 while too few of them are there to tell. */
        int of(ByteBuffer beginning);
    }

    void add(byte[] bytes) {
        ByteBuffer joined = ByteBuffer.allocate(held.remaining() + bytes.length);
        held = joined.put(held).put(bytes).flip();
    }

    /** The next frame, from its first byte to its last; null if it is not complete yet. */
    byte @Nullable [] next(Length length) {
        int size = length.of(held.slice());
        if (size <= 0 || held.remaining() < size) {
            return null;
        }
        byte[] frame = new byte[size];
        held.get(frame);
        return frame;
    }
}
