package io.farandole.verifier;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A row of the journal in its canonical form, the one that is hashed.
 *
 * <p>Form 1 is what PostgreSQL sends for the row in {@code COPY (select <the columns in order>) TO STDOUT (FORMAT binary)}: the
 * number of columns in two bytes, then for each column its length in four bytes and its value; the length is -1 for null,
 * which thus differs from empty. Numbers are in network byte order, {@code bigint} in 8 bytes, {@code integer} in 4, {@code
 * boolean} in one, text in UTF-8, times in 8 bytes as microseconds since 2000-01-01 UTC. Lengths come first, so no two rows
 * have the same form; and anybody can make it with {@code psql}.
 *
 * <p>Immutable.
 */
public final class StoredRow {

    /** The version of the form. A seal names the one that it was made with. */
    public static final int FORM = 1;

    private static final byte[] DOMAIN = "farandole.row.v1\n".getBytes(StandardCharsets.US_ASCII);
    private static final Instant EPOCH = Instant.parse("2000-01-01T00:00:00Z");

    private final byte[] bytes;
    private final int[] starts;

    private StoredRow(byte[] bytes, int[] starts) {
        this.bytes = bytes;
        this.starts = starts;
    }

    /**
     * A row in its canonical form.
     *
     * @throws IllegalArgumentException if it is not that
     */
    public static StoredRow parse(byte[] bytes) {
        return new StoredRow(bytes, starts(bytes));
    }

    /** Where each column's length stands; the end is last. */
    private static int[] starts(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        int[] starts = new int[RowColumn.count() + 1];
        if (bytes.length < 2 || buffer.getShort() != RowColumn.count()) {
            throw new IllegalArgumentException("A row has " + RowColumn.count() + " columns");
        }
        for (int i = 0; i < RowColumn.count(); i++) {
            starts[i] = buffer.position();
            if (buffer.remaining() < 4) {
                throw new IllegalArgumentException("The row ends within column " + (i + 1));
            }
            int length = buffer.getInt();
            if (length < -1 || length > buffer.remaining()) {
                throw new IllegalArgumentException("The row ends within column " + (i + 1));
            }
            buffer.position(buffer.position() + Math.max(length, 0));
        }
        starts[RowColumn.count()] = buffer.position();
        if (buffer.hasRemaining()) {
            throw new IllegalArgumentException("There are " + buffer.remaining() + " bytes behind the row");
        }
        int length = buffer.getInt(starts[0]);
        if (length != Long.BYTES) {
            throw new IllegalArgumentException("A position has 8 bytes, not " + length);
        }
        return starts;
    }

    /** The canonical form; a copy. */
    public byte[] bytes() {
        return bytes.clone();
    }

    int size() {
        return bytes.length;
    }

    /** Its hash, which depends on every column, its position too. */
    public Hash hash() {
        return Hash.of(hash(Hash.sha256()));
    }

    /** With a digest that is used again and again, by one thread. */
    byte[] hash(MessageDigest digest) {
        digest.update(DOMAIN);
        return digest.digest(bytes);
    }

    /** Its place in the journal. */
    public long position() {
        return ByteBuffer.wrap(bytes).getLong(starts[0] + 4);
    }

    /** The event's id. */
    public String eventId() {
        return String.valueOf(value(RowColumn.EVENT_ID));
    }

    /** What was stored in a column: Long, Integer, Boolean, String or Instant; null if nothing was. */
    public @Nullable Object value(RowColumn column) {
        int start = starts[column.index()];
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        int length = buffer.getInt(start);
        if (length < 0) {
            return null;
        }
        int at = start + 4;
        return switch (column.kind()) {
            case BIGINT -> buffer.getLong(at);
            case INTEGER -> buffer.getInt(at);
            case BOOLEAN -> bytes[at] != 0;
            case TEXT -> new String(bytes, at, length, StandardCharsets.UTF_8);
            case TIME -> time(buffer.getLong(at));
        };
    }

    static Instant time(long micros) {
        return EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    static long micros(Instant time) {
        return ChronoUnit.MICROS.between(EPOCH, time);
    }

    /** The same content at another place. */
    StoredRow at(long position) {
        byte[] moved = bytes.clone();
        ByteBuffer.wrap(moved).putLong(starts[0] + 4, position);
        return new StoredRow(moved, starts);
    }

    /**
     * A row made of values.
     *
     * @param values Long, Integer, Boolean, String or Instant as the column wants it; what is absent is null
     * @throws IllegalArgumentException if a value has another type, or the position is missing
     */
    public static StoredRow of(Map<RowColumn, ?> values) {
        Map<RowColumn, Object> sorted = new EnumMap<>(RowColumn.class);
        sorted.putAll(values);
        ByteArrayOutputStream out = new ByteArrayOutputStream(512);
        try (DataOutputStream data = new DataOutputStream(out)) {
            data.writeShort(RowColumn.count());
            for (RowColumn column : RowColumn.values()) {
                write(column, sorted.get(column), data);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return parse(out.toByteArray());
    }

    private static void write(RowColumn column, @Nullable Object value, DataOutputStream out) throws IOException {
        if (value == null) {
            out.writeInt(-1);
        } else if (column.kind() == RowColumn.Kind.BIGINT && value instanceof Long number) {
            out.writeInt(Long.BYTES);
            out.writeLong(number);
        } else if (column.kind() == RowColumn.Kind.INTEGER && value instanceof Integer number) {
            out.writeInt(Integer.BYTES);
            out.writeInt(number);
        } else if (column.kind() == RowColumn.Kind.BOOLEAN && value instanceof Boolean truth) {
            out.writeInt(1);
            out.writeByte(truth ? 1 : 0);
        } else if (column.kind() == RowColumn.Kind.TEXT && value instanceof String text) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            out.writeInt(utf8.length);
            out.write(utf8);
        } else if (column.kind() == RowColumn.Kind.TIME && value instanceof Instant time) {
            out.writeInt(Long.BYTES);
            out.writeLong(micros(time));
        } else {
            throw new IllegalArgumentException("Column " + column.columnName() + " cannot hold a "
                    + value.getClass().getSimpleName());
        }
    }

    /** Names the event without its payload, which may hold personal data. */
    @Override
    public String toString() {
        return "StoredRow[" + position() + " " + eventId() + "]";
    }
}
