package io.farandole.audit.seal;

import static io.farandole.verifier.Fault.Kind.CHECKPOINT_FORGED;
import static io.farandole.verifier.Fault.Kind.CHECKPOINT_MISSING;
import static io.farandole.verifier.Fault.Kind.HISTORY_REWRITTEN;
import static io.farandole.verifier.Fault.Kind.ROW_ADDED;
import static io.farandole.verifier.Fault.Kind.ROW_EDITED;
import static io.farandole.verifier.Fault.Kind.ROW_MOVED;
import static io.farandole.verifier.Fault.Kind.ROW_REMOVED;
import static io.farandole.verifier.Fault.Kind.SEAL_ALTERED;
import static io.farandole.verifier.Fault.Kind.SEAL_MISSING;
import static io.farandole.verifier.Fault.Kind.TAIL_CUT_OFF;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farandole.verifier.Checkpoint;
import io.farandole.verifier.CheckpointFiles;
import io.farandole.verifier.Fault;
import io.farandole.verifier.Range;
import io.farandole.verifier.Report;
import io.farandole.verifier.RowHashes;
import io.farandole.verifier.Seal;
import io.farandole.verifier.SealedBatch;
import io.farandole.verifier.SealedJournal;
import io.farandole.verifier.VerificationException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a superuser of the database can do to history, and how it shows. The journal has rows at 1 to 30, 36 to 60 (31 to 35 were
 * rolled back) and 61 to 75, in seals of 10 rows, and a checkpoint each after 20, 55 and 75 rows.
 */
class HistoryIsAlteredIT {

    private static final List<String> TABLES = List.of("journal", "seal", "checkpoint");

    private static SealedContext context;

    /** What was stored, to have it again for each test. */
    private static List<String> checkpoints;

    private static Path directory;

    @BeforeAll
    static void sealsAHistory(@TempDir Path temporary) throws Exception {
        directory = temporary;
        context = new SealedContext(temporary);
        Sealer sealer = context.sealer(10);
        context.append(20);
        sealer.seal();
        context.receive(10);
        context.rollBack(5);
        context.append(25);
        sealer.seal();
        context.append(15);
        sealer.seal();
        assertThat(context.number("select count(*) from farandole.checkpoint where stored_at is not null"))
                .isEqualTo(3);
        checkpoints = new ArrayList<>();
        for (long number = 1; number <= 3; number++) {
            checkpoints.add(Files.readString(file(number)));
        }
        for (String table : TABLES) {
            context.asAdmin("create table farandole.was_" + table + " as table farandole." + table);
        }
    }

    @BeforeEach
    void restores() throws Exception {
        for (String table : TABLES) {
            context.asAdmin("truncate farandole." + table + "; insert into farandole." + table
                    + " select * from farandole.was_" + table);
        }
        for (int i = 0; i < checkpoints.size(); i++) {
            Files.writeString(file(i + 1), checkpoints.get(i));
        }
    }

    @AfterAll
    static void closes() {
        context.close();
    }

    @Test
    void findsNothingInWhatNobodyTouched() throws Exception {
        Report report = context.verify();

        assertThat(report.faults()).isEmpty();
        assertThat(report.intact()).isTrue();
        assertThat(report.context()).isEqualTo("order");
        assertThat(report.rows()).isEqualTo(70);
        assertThat(report.sealedUpTo()).isEqualTo(75);
        assertThat(report.checkpoints()).isEqualTo(3);
        assertThat(report.checkpointedUpTo()).isEqualTo(75);
        assertThat(report.unsealed()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "payload = replace(payload, '1990', '0990')",
                "metadata = null",
                "metadata = ''",
                "occurred_at = occurred_at + interval '1 microsecond'",
                "recorded_at = recorded_at - interval '1 second'",
                "process_key = 'another'",
                "causation_id = ''",
                "key_id = ''",
                "wire_type = 'order.order-placed.v1'",
                "payload_version = 2",
                "event_id = 'another'"
            })
    void findsAnEditedRow(String edit) throws Exception {
        context.asAdmin("update farandole.journal set " + edit + " where position = 44");

        Fault fault = only(context.verify());

        assertThat(fault.kind()).isEqualTo(ROW_EDITED);
        assertThat(fault.firstPosition()).isEqualTo(44);
        assertThat(fault.seal()).isEqualTo(4);
        assertThat(fault.eventId())
                .isEqualTo(context.text("select event_id from farandole.journal where position = 44"));
    }

    @Test
    void findsAnEditedReceivedRow() throws Exception {
        context.asAdmin("update farandole.journal set payload = '{}' where position = 25");

        assertThat(only(context.verify())).returns(ROW_EDITED, Fault::kind).returns(25L, Fault::firstPosition);
    }

    @Test
    void findsTheEdgesOfBatches() throws Exception {
        context.asAdmin("update farandole.journal set payload = '{}' where position in (1, 10, 11, 75)");

        assertThat(context.verify().faults()).extracting(Fault::firstPosition).containsExactly(1L, 10L, 11L, 75L);
    }

    @Test
    void findsARemovedRow() throws Exception {
        context.asAdmin("delete from farandole.journal where position = 12");

        Fault fault = only(context.verify());

        assertThat(fault.kind()).isEqualTo(ROW_REMOVED);
        assertThat(fault.firstPosition()).isEqualTo(12);
        assertThat(fault.lastPosition()).isEqualTo(12);
        assertThat(fault.eventId()).isNull();
    }

    @Test
    void tellsRemovedRowsBesideEachOtherAtOnce() throws Exception {
        context.asAdmin("delete from farandole.journal where position between 22 and 26");

        Report report = context.verify();

        assertThat(only(report)).returns(22L, Fault::firstPosition).returns(26L, Fault::lastPosition);
        assertThat(report.faultCount()).isEqualTo(5);
    }

    @Test
    void findsTwoSwappedRowsAsMoved() throws Exception {
        context.asAdmin("update farandole.journal set position = -1 where position = 42;"
                + " update farandole.journal set position = 42 where position = 70;"
                + " update farandole.journal set position = 70 where position = -1");

        assertThat(context.verify().faults())
                .hasSize(2)
                .allSatisfy(fault -> assertThat(fault.kind()).isEqualTo(ROW_MOVED))
                .satisfiesExactly(
                        first -> assertThat(first.sentence()).contains("was sealed at position 70"),
                        second -> assertThat(second.sentence()).contains("was sealed at position 42"));
    }

    @Test
    void findsARowInAGap() throws Exception {
        copyOf(50, 33);

        assertThat(only(context.verify()))
                .returns(ROW_ADDED, Fault::kind)
                .returns(33L, Fault::firstPosition)
                .returns("new-33", Fault::eventId);
    }

    @Test
    void findsARowBeforeTheFirst() throws Exception {
        copyOf(50, -7);

        assertThat(only(context.verify())).returns(ROW_ADDED, Fault::kind).returns(-7L, Fault::firstPosition);
    }

    @Test
    void findsARowThatMovedIntoAGap() throws Exception {
        context.asAdmin("update farandole.journal set position = 34 where position = 61");

        assertThat(only(context.verify())).returns(ROW_MOVED, Fault::kind).returns(34L, Fault::firstPosition);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "root = decode(repeat('ab', 32), 'hex')",
                "hash = decode(repeat('ab', 32), 'hex')",
                "previous = decode(repeat('ab', 32), 'hex')",
                "total_rows = total_rows + 1",
                "context = 'stock'",
                "sealed_at = sealed_at + interval '1 second'",
                "row_hashes = set_byte(row_hashes, 40, 255 - get_byte(row_hashes, 40))",
                "positions = set_byte(positions, 0, 2)"
            })
    void findsAnEditedSeal(String edit) throws Exception {
        context.asAdmin("update farandole.seal set " + edit + " where number = 2");

        Report report = context.verifySeals(Range.ALL);

        assertThat(report.faults().get(0))
                .returns(SEAL_ALTERED, Fault::kind)
                .returns(2L, Fault::seal)
                .returns(11L, Fault::firstPosition);
        assertThat(report.faults()).allSatisfy(fault -> assertThat(fault.kind()).isEqualTo(SEAL_ALTERED));
    }

    @Test
    void findsARemovedSeal() throws Exception {
        context.asAdmin("delete from farandole.seal where number = 3");

        assertThat(context.verifySeals(Range.ALL).faults().get(0))
                .returns(SEAL_MISSING, Fault::kind)
                .returns(21L, Fault::firstPosition);
    }

    @Test
    void findsATailThatWasCutOffWithItsSeals() throws Exception {
        context.asAdmin("delete from farandole.journal where position > 60;"
                + " delete from farandole.seal where upto_position > 60");

        assertThat(context.verify().faults()).anySatisfy(fault -> assertThat(fault)
                .returns(TAIL_CUT_OFF, Fault::kind)
                .returns(75L, Fault::lastPosition)
                .returns(3L, Fault::checkpoint));
    }

    @Test
    void findsAJournalThatWasEmptied() throws Exception {
        context.asAdmin("truncate farandole.journal, farandole.seal, farandole.checkpoint");

        assertThat(only(context.verify())).returns(TAIL_CUT_OFF, Fault::kind).returns(1L, Fault::firstPosition);
    }

    @Test
    void findsATailThatWasCutOffWithoutItsSeals() throws Exception {
        context.asAdmin("delete from farandole.journal where position > 73");

        assertThat(only(context.verifySeals(Range.ALL)))
                .returns(ROW_REMOVED, Fault::kind)
                .returns(74L, Fault::firstPosition)
                .returns(75L, Fault::lastPosition);
    }

    @Test
    void findsAChainThatWasMadeAnewByItsCheckpointsOnly() throws Exception {
        context.asAdmin("update farandole.journal set payload = '{}' where position = 44");
        makeSealsAnew();

        assertThat(context.verifySeals(Range.ALL).intact()).isTrue();
        assertThat(only(context.verify()))
                .returns(HISTORY_REWRITTEN, Fault::kind)
                // Since the first checkpoint, which still agrees.
                .returns(21L, Fault::firstPosition)
                .returns(60L, Fault::lastPosition)
                .returns(2L, Fault::checkpoint);
    }

    @Test
    void findsACheckpointSignedWithAnotherKey() throws Exception {
        context.asAdmin("update farandole.journal set payload = '{}' where position = 44");
        makeSealsAnew();
        CheckpointSigner another = new CheckpointSigner(
                KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPrivate());
        Path file = file(2);
        Checkpoint genuine = Checkpoint.parse(Files.readString(file));
        Files.writeString(file, another.sign(genuine).text());

        assertThat(context.verify().faults()).anySatisfy(fault -> assertThat(fault)
                .returns(CHECKPOINT_FORGED, Fault::kind)
                .returns(2L, Fault::checkpoint));
    }

    @ParameterizedTest
    @ValueSource(strings = {"position: 60", "rows: 55", "number: 2", "context: order", "farandole", "signature: "})
    void findsAnEditedCheckpoint(String text) throws Exception {
        Path file = file(2);
        String content = Files.readString(file);
        assertThat(content).contains(text);
        Files.writeString(file, content.replace(text, text + "1"));

        assertThat(only(context.verify()))
                .returns(CHECKPOINT_FORGED, Fault::kind)
                .returns(2L, Fault::checkpoint);
    }

    @Test
    void findsACheckpointThatWasReplacedByAnEarlierOne() throws Exception {
        Files.writeString(file(2), Files.readString(file(1)));

        assertThat(only(context.verify())).returns(CHECKPOINT_FORGED, Fault::kind);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void findsARemovedCheckpoint(long number) throws Exception {
        Files.delete(file(number));

        assertThat(only(context.verify()))
                .returns(CHECKPOINT_MISSING, Fault::kind)
                .returns(number, Fault::checkpoint);
    }

    @Test
    void tellsThatWhatIsNotSealedIsNotKnown() throws Exception {
        context.append(3);

        assertThat(context.verify()).returns(true, Report::intact).returns(3L, Report::unsealed);
    }

    @Test
    void verifiesAPartAlone() throws Exception {
        context.asAdmin("update farandole.journal set payload = '{}' where position in (5, 44)");

        assertThat(context.verifySeals(new Range(12, 18)))
                .returns(true, Report::intact)
                .returns(10L, Report::rows);
        assertThat(only(context.verifySeals(new Range(40, 70)))).returns(44L, Fault::firstPosition);
        assertThat(context.verifySeals(new Range(1, 0)).rows()).isZero();
    }

    @Test
    void saysThatItCannotTellWhereNothingIsSealed() throws Exception {
        context.asAdmin("truncate farandole.seal");

        assertThatThrownBy(() -> context.verifySeals(Range.ALL))
                .isInstanceOf(VerificationException.class)
                .hasMessageContaining("farandole.audit.seal.enabled");
    }

    @Test
    void saysThatItDoesNotKnowALaterForm() throws Exception {
        context.asAdmin("update farandole.seal set form = 2 where number = 4");

        assertThatThrownBy(() -> context.verifySeals(Range.ALL))
                .isInstanceOf(VerificationException.class)
                .hasMessageContaining("take the verifier of the release");
    }

    @Test
    void doesNotLetTheRuntimeRoleTouchWhatIsSealed() {
        for (String table : List.of("seal", "checkpoint")) {
            for (String sql : List.of(
                    "delete from farandole." + table,
                    "truncate farandole." + table,
                    "update farandole." + table + " set number = 5",
                    "insert into farandole." + table + " default values")) {
                assertThatThrownBy(() -> {
                            try (var connection = context.database().connectAsApp();
                                    var statement = connection.createStatement()) {
                                statement.execute(sql);
                            }
                        })
                        .as(sql)
                        .hasMessageContaining("permission denied");
            }
        }
    }

    /** As an attacker would who knows everything but the key: from seal 4 on, at the same places and times. */
    private void makeSealsAnew() throws Exception {
        try (Connection connection = context.database().connectAsAdmin();
                PreparedStatement update = connection.prepareStatement(
                        "update farandole.seal set row_hashes = ?, root = ?, previous = ?, hash = ? where number = ?")) {
            SealedJournal journal = new SealedJournal(connection);
            Seal before = Objects.requireNonNull(journal.sealed(21)).seal();
            for (long position : List.of(36L, 46L, 56L, 61L, 71L)) {
                Seal old = Objects.requireNonNull(journal.sealed(position)).seal();
                RowHashes rows = new RowHashes();
                journal.rows(old.after(), old.upTo(), 100, rows::add);
                SealedBatch made = rows.sealed("order", before, old.sealedAt());
                update.setBytes(1, made.rowHashes());
                update.setBytes(2, made.seal().root().bytes());
                update.setBytes(3, made.seal().previous().bytes());
                update.setBytes(4, made.seal().hash().bytes());
                update.setLong(5, made.seal().number());
                update.executeUpdate();
                before = made.seal();
            }
        }
    }

    private void copyOf(long position, long to) throws Exception {
        context.asAdmin(
                "insert into farandole.journal select " + to + ", false, 'new-" + to + "', source, aggregate_type,"
                        + " aggregate_id, null, payload_type, payload_version, payload, metadata, process_key, correlation_id,"
                        + " causation_id, traceparent, 'a.b.v1', wire_payload, source_sequence, key_id, occurred_at, recorded_at"
                        + " from farandole.journal where position = " + position);
    }

    private static Path file(long number) {
        return new CheckpointFiles(directory, "order").file(number);
    }

    private static Fault only(Report report) {
        assertThat(report.faults()).hasSize(1);
        assertThat(report.intact()).isFalse();
        return report.faults().get(0);
    }
}
