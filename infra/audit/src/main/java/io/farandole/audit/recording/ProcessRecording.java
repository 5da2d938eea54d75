package io.farandole.audit.recording;

import io.farandole.eventstore.JournalRow;
import io.farandole.messaging.CodecException;
import io.farandole.messaging.JsonCodec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One process of one context, as a file of JSON Lines: a header with the format's version and the number of lines that follow, then a line
 * for each event in the order of the journal, own and received ones, as they are stored, then a line for each saga and aggregate. It holds
 * what the journal holds, personal data and all. Immutable.
 *
 * @param context whose journal it is from
 * @param recordedAt when
 * @param events all of the process
 * @param sagas what the sagas that ran then did with it
 * @param aggregates what became of the aggregates that its events alone tell all of
 */
public record ProcessRecording(
        String context,
        String processKey,
        Instant recordedAt,
        List<JournalRow> events,
        List<RecordedSaga> sagas,
        List<RecordedAggregate> aggregates) {

    private static final String FORMAT = "farandole.recorded-process";
    private static final int VERSION = 1;
    private static final JsonCodec JSON = new JsonCodec();

    public ProcessRecording {
        events = List.copyOf(events);
        sagas = List.copyOf(sagas);
        aggregates = List.copyOf(aggregates);
    }

    /** The first line. */
    private record Header(
            String format,
            int version,
            String context,
            String processKey,
            Instant recordedAt,
            int lines,
            List<String> sagas,
            List<String> types) {}

    /** Each other line: one of the three. */
    private record Line(
            @Nullable JournalRow event, @Nullable RecordedSaga saga, @Nullable RecordedAggregate aggregate) {}

    /** The lines of the file. */
    public List<String> lines() {
        TreeSet<String> types = new TreeSet<>();
        events.forEach(event -> types.add(event.payloadType() + ".v" + event.payloadVersion()));
        List<String> lines = new ArrayList<>();
        lines.add(JSON.write(new Header(
                FORMAT,
                VERSION,
                context,
                processKey,
                recordedAt,
                events.size() + sagas.size() + aggregates.size(),
                sagas.stream().map(RecordedSaga::saga).toList(),
                List.copyOf(types))));
        events.forEach(event -> lines.add(JSON.write(new Line(event, null, null))));
        sagas.forEach(saga -> lines.add(JSON.write(new Line(null, saga, null))));
        aggregates.forEach(aggregate -> lines.add(JSON.write(new Line(null, null, aggregate))));
        return lines;
    }

    /**
     * Reads a file's lines.
     *
     * @throws DamagedRecordingException if they are not all there, or not what they should be
     */
    public static ProcessRecording parse(List<String> lines) {
        Header header = header(lines);
        List<JournalRow> events = new ArrayList<>();
        List<RecordedSaga> sagas = new ArrayList<>();
        List<RecordedAggregate> aggregates = new ArrayList<>();
        for (int i = 1; i < lines.size(); i++) {
            Line line = line(lines.get(i), i + 1);
            if (line.event() != null) {
                events.add(line.event());
            } else if (line.saga() != null) {
                sagas.add(line.saga());
            } else if (line.aggregate() != null) {
                aggregates.add(line.aggregate());
            } else {
                throw new DamagedRecordingException(
                        "Line " + (i + 1)
                                + " of the recording is neither an event nor a saga nor an aggregate: record the process again.");
            }
        }
        return new ProcessRecording(
                header.context(), header.processKey(), header.recordedAt(), events, sagas, aggregates);
    }

    private static Header header(List<String> lines) {
        Header header;
        try {
            header = JSON.read(lines.isEmpty() ? "" : lines.get(0), Header.class);
        } catch (CodecException e) {
            throw new DamagedRecordingException(
                    "This is no recording of a process: its first line is no header of one.", e);
        }
        if (!FORMAT.equals(header.format())) {
            throw new DamagedRecordingException("This is no recording of a process, but a " + header.format() + ".");
        }
        if (header.version() > VERSION) {
            throw new DamagedRecordingException(
                    "The recording is of version " + header.version() + ", and this program reads " + VERSION
                            + " at most: use the program that made it, or record again.");
        }
        if (header.lines() != lines.size() - 1) {
            throw new DamagedRecordingException(
                    "The recording has " + (lines.size() - 1) + " lines after its header, and " + header.lines()
                            + " by its header: it is not whole. Record the process again.");
        }
        return header;
    }

    private static Line line(String text, int number) {
        try {
            return JSON.read(text, Line.class);
        } catch (CodecException e) {
            throw new DamagedRecordingException(
                    "Line " + number + " of the recording cannot be read: it is damaged. Record the process again.", e);
        }
    }

    /**
     * Writes the file, beside its place first: under its name there is a whole one or none.
     *
     * @throws IOException if it cannot be written; nothing is left behind then
     */
    public void write(Path file) throws IOException {
        Path absolute = file.toAbsolutePath();
        Path beside = absolute.resolveSibling(absolute.getFileName() + ".part");
        try {
            Files.write(beside, lines(), StandardCharsets.UTF_8);
            Files.move(beside, absolute, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(beside);
        }
    }

    /**
     * Reads a file.
     *
     * @throws IOException if it is not there, or cannot be read
     * @throws DamagedRecordingException if it is not whole, or no recording
     */
    public static ProcessRecording read(Path file) throws IOException {
        return parse(Files.readAllLines(file, StandardCharsets.UTF_8));
    }

    /** Names the process without its events, which may hold personal data. */
    @Override
    public String toString() {
        return "ProcessRecording[" + context + " " + processKey + ", " + events.size() + " events]";
    }
}
