package io.farandole.verifier;

import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.Arrays;

/** Takes rows out of PostgreSQL's binary copy format, however it is cut into messages. Used by one thread, for one copy. */
final class CopiedRows {

    private static final byte[] SIGNATURE = {'P', 'G', 'C', 'O', 'P', 'Y', '\n', (byte) 0xff, '\r', '\n', 0};
    private static final int HEADER = SIGNATURE.length + 8;

    private final RowConsumer consumer;
    private byte[] rest = new byte[0];
    private boolean begun;

    CopiedRows(RowConsumer consumer) {
        this.consumer = consumer;
    }

    /** The next message. */
    void accept(byte[] message) throws SQLException {
        byte[] bytes = message;
        if (rest.length > 0) {
            bytes = Arrays.copyOf(rest, rest.length + message.length);
            System.arraycopy(message, 0, bytes, rest.length, message.length);
        }
        int at = 0;
        if (!begun) {
            if (bytes.length < HEADER) {
                rest = bytes;
                return;
            }
            at = header(bytes);
            begun = true;
        }
        int end = end(bytes, at);
        while (end > at) {
            consumer.accept(StoredRow.parse(Arrays.copyOfRange(bytes, at, end)));
            at = end;
            end = end(bytes, at);
        }
        rest = Arrays.copyOfRange(bytes, at, bytes.length);
    }

    private static int header(byte[] bytes) {
        if (!Arrays.equals(bytes, 0, SIGNATURE.length, SIGNATURE, 0, SIGNATURE.length)) {
            throw new IllegalArgumentException("This is not PostgreSQL's binary copy format");
        }
        return HEADER + ByteBuffer.wrap(bytes).getInt(SIGNATURE.length + 4);
    }

    /** Where the row that begins here ends; where it begins if it is not all there, or it is the trailer. */
    private static int end(byte[] bytes, int start) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        if (bytes.length - start < 2) {
            return start;
        }
        int columns = buffer.getShort(start);
        int at = start + 2;
        for (int i = 0; i < columns; i++) {
            if (bytes.length - at < 4) {
                return start;
            }
            int length = Math.max(buffer.getInt(at), 0);
            at += 4;
            if (bytes.length - at < length) {
                return start;
            }
            at += length;
        }
        return columns < 0 ? start : at;
    }
}
