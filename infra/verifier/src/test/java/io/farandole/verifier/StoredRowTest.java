package io.farandole.verifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoredRowTest {

    private static final Instant TIME = Instant.parse("1999-12-31T23:59:59.999999Z");

    private static Map<RowColumn, Object> full() {
        Map<RowColumn, Object> values = new HashMap<>();
        for (RowColumn column : RowColumn.values()) {
            values.put(
                    column,
                    switch (column.kind()) {
                        case BIGINT -> 7L;
                        case INTEGER -> 7;
                        case BOOLEAN -> true;
                        case TEXT -> "é" + column;
                        case TIME -> TIME;
                    });
        }
        return values;
    }

    @Test
    void keepsEveryColumn() {
        StoredRow row = StoredRow.parse(StoredRow.of(full()).bytes());
        for (RowColumn column : RowColumn.values()) {
            assertThat(row.value(column)).isEqualTo(full().get(column));
        }
        assertThat(row.position()).isEqualTo(7);
        assertThat(row.toString()).doesNotContain("PAYLOAD");
    }

    @Test
    void tellsEachColumnsChangeAndNullFromEmpty() {
        Set<Hash> hashes = new HashSet<>();
        hashes.add(StoredRow.of(full()).hash());
        int variants = 1;
        for (RowColumn column : RowColumn.values()) {
            List<Object> others = new ArrayList<>(
                    switch (column.kind()) {
                        case BIGINT -> List.<Object>of(8L, -7L);
                        case INTEGER -> List.<Object>of(8);
                        case BOOLEAN -> List.<Object>of(false);
                        case TEXT -> List.<Object>of("", "é" + column + " ");
                        case TIME -> List.<Object>of(TIME.plusNanos(1000));
                    });
            for (Object other : others) {
                Map<RowColumn, Object> values = full();
                values.put(column, other);
                hashes.add(StoredRow.of(values).hash());
                variants++;
            }
            if (column != RowColumn.POSITION) {
                Map<RowColumn, Object> values = full();
                values.remove(column);
                hashes.add(StoredRow.of(values).hash());
                variants++;
            }
        }
        assertThat(hashes).hasSize(variants);
    }

    @Test
    void tellsTextThatMovedFromOneColumnToTheNext() {
        Map<RowColumn, Object> one = full();
        one.put(RowColumn.PROCESS_KEY, "ab");
        one.put(RowColumn.CORRELATION_ID, "c");
        Map<RowColumn, Object> other = full();
        other.put(RowColumn.PROCESS_KEY, "a");
        other.put(RowColumn.CORRELATION_ID, "bc");
        assertThat(StoredRow.of(one).hash()).isNotEqualTo(StoredRow.of(other).hash());
    }

    /** So that no later release computes another hash for what is stored. */
    @Test
    void hasTheSameHashForEver() {
        assertThat(StoredRow.of(full()).hash())
                .hasToString("f83715e0e6ba7e50666704dededf69e62d9e370ac41ed4f3cf1cf91f451c2272");
    }

    @Test
    void isAtAnotherPlaceWithTheSameContent() {
        Map<RowColumn, Object> moved = full();
        moved.put(RowColumn.POSITION, 9L);
        assertThat(StoredRow.of(full()).at(9).hash())
                .isEqualTo(StoredRow.of(moved).hash());
    }

    @Test
    void refusesWhatIsNoRow() {
        byte[] bytes = StoredRow.of(full()).bytes();
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> StoredRow.parse(cut)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> StoredRow.parse(Arrays.copyOf(bytes, bytes.length + 1)))
                .hasMessageContaining("1 bytes behind the row");
        assertThatThrownBy(() -> StoredRow.of(Map.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> StoredRow.of(Map.of(RowColumn.POSITION, 7)))
                .hasMessageContaining("position cannot hold a Integer");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 19, 20, 100, 100_000})
    void takesRowsOutOfACopyHoweverItIsCut(int size) throws SQLException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes("PGCOPY\n".getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(new byte[] {(byte) 0xff, '\r', '\n', 0, 0, 0, 0, 0, 0, 0, 0, 0});
        for (long position = 1; position <= 5; position++) {
            out.writeBytes(
                    MerkleTreeTest.row(position, "x".repeat((int) position)).bytes());
        }
        out.writeBytes(ByteBuffer.allocate(2).putShort((short) -1).array());
        byte[] bytes = out.toByteArray();
        List<Long> positions = new ArrayList<>();
        CopiedRows rows = new CopiedRows(row -> positions.add(row.position()));
        for (int at = 0; at < bytes.length; at += size) {
            rows.accept(Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + size)));
        }
        assertThat(positions).containsExactly(1L, 2L, 3L, 4L, 5L);
    }
}
