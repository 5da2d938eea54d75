package io.farandole.boot.web;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;

/** A body that is in memory. */
class BufferedBody extends ServletInputStream {

    private final byte[] bytes;
    private final ByteArrayInputStream in;

    BufferedBody(byte[] bytes) {
        this.bytes = bytes;
        this.in = new ByteArrayInputStream(bytes);
    }

    /** All of it, read or not. */
    byte[] bytes() {
        return bytes;
    }

    @Override
    public int read() {
        return in.read();
    }

    @Override
    public int read(byte[] target, int offset, int length) {
        return in.read(target, offset, length);
    }

    @Override
    public int available() {
        return in.available();
    }

    @Override
    public boolean isFinished() {
        return in.available() == 0;
    }

    @Override
    public boolean isReady() {
        return true;
    }

    @Override
    public void setReadListener(ReadListener listener) {
        try {
            listener.onDataAvailable();
            listener.onAllDataRead();
        } catch (IOException e) {
            listener.onError(e);
        }
    }
}
