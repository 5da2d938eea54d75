package io.farandole.verifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MerkleTreeTest {

    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 7, 8, 9, 31, 33, 100})
    void provesEachRowOfASeal(int size) {
        SealedBatch batch = batch(size, "{}");
        for (int i = 0; i < size; i++) {
            StoredRow row = row(10L + 2L * i, "{}");
            InclusionProof proof = Objects.requireNonNull(batch.proof(row.position()));
            assertThat(proof.path()).hasSizeLessThanOrEqualTo(7);
            assertThat(proof.proves(row, batch.seal())).isTrue();
            assertThat(proof.proves(row(row.position(), "{ }"), batch.seal())).isFalse();
            assertThat(proof.proves(row(row.position() + 1, "{}"), batch.seal()))
                    .isFalse();
        }
        assertThat(batch.proof(11)).isNull();
    }

    @Test
    void doesNotProveARowByAnothersPath() {
        SealedBatch batch = batch(8, "{}");
        InclusionProof proof = Objects.requireNonNull(batch.proof(12));
        StoredRow row = row(12, "{}");
        Seal seal = batch.seal();
        assertThat(new InclusionProof(1, 2, 8, proof.path()).proves(row, seal)).isFalse();
        assertThat(new InclusionProof(1, 1, 7, proof.path()).proves(row, seal)).isFalse();
        assertThat(new InclusionProof(2, 1, 8, proof.path()).proves(row, seal)).isFalse();
        assertThat(new InclusionProof(1, 1, 8, List.of()).proves(row, seal)).isFalse();
        assertThat(new InclusionProof(1, 9, 8, proof.path()).proves(row, seal)).isFalse();
        assertThat(proof.proves(row, batch(8, "{1}").seal())).isFalse();
    }

    @Test
    void hasNoSealOverNothing() {
        assertThatThrownBy(() -> new RowHashes().sealed("order", null, NOON)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void packsPositionsAndUnpacksThem() {
        long[] positions = LongStream.of(1, 2, 130, 131, 20_000, 20_001, 5_000_000_000L, Long.MAX_VALUE)
                .toArray();
        assertThat(SealedBatch.unpacked(0, SealedBatch.packed(0, positions))).containsExactly(positions);
        assertThat(SealedBatch.packed(
                        0, IntStream.rangeClosed(1, 100).asLongStream().toArray()))
                .hasSize(100);
    }

    @Test
    void chainsSeals() {
        Seal first = batch(3, "{}").seal();
        RowHashes rows = new RowHashes();
        rows.add(row(99, "{}"));
        Seal second = rows.sealed("order", first, NOON).seal();
        assertThat(first.isFirst()).isTrue();
        assertThat(first.genuine()).isTrue();
        assertThat(second.genuine()).isTrue();
        assertThat(second.follows(first)).isTrue();
        assertThat(second.total()).isEqualTo(4);
        assertThat(second.follows(batch(3, "{1}").seal())).isFalse();
    }

    @Test
    void leadsFromARowToASignature() {
        Seal first = batch(3, "{}").seal();
        RowHashes rows = new RowHashes();
        rows.add(row(99, "{}"));
        Seal second = rows.sealed("order", first, NOON).seal();
        Checkpoint checkpoint = new Checkpoint(
                "order", 1, second.number(), second.upTo(), second.total(), second.hash(), Hash.NONE, NOON, "AAAA");

        assertThat(checkpoint.closes(List.of(first, second))).isTrue();
        assertThat(checkpoint.closes(List.of(second))).isTrue();
        assertThat(checkpoint.closes(List.of(second, first))).isFalse();
        assertThat(checkpoint.closes(List.of(first))).isFalse();
        assertThat(checkpoint.closes(List.of())).isFalse();
        assertThat(checkpoint.closes(List.of(batch(3, "{1}").seal(), second))).isFalse();
    }

    @Test
    void writesSealsAndReadsThem() {
        Seal seal = batch(3, "{}").seal();
        assertThat(Seal.parse(seal.text())).isEqualTo(seal);
        for (String damaged :
                List.of("", "x", seal.text() + "0", seal.text().replace("; 3; ", "; x; "), seal.text() + "; ")) {
            assertThatThrownBy(() -> Seal.parse(damaged)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static SealedBatch batch(int size, String payload) {
        RowHashes rows = new RowHashes();
        for (int i = 0; i < size; i++) {
            rows.add(row(10L + 2L * i, payload));
        }
        return rows.sealed("order", null, NOON);
    }

    static StoredRow row(long position, String payload) {
        return StoredRow.of(
                Map.of(RowColumn.POSITION, position, RowColumn.EVENT_ID, "e-" + position, RowColumn.PAYLOAD, payload));
    }
}
