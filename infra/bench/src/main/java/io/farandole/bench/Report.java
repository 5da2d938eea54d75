package io.farandole.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Writes outcomes: {@code <benchmark>.json}, {@code <benchmark>.svg} with the figures, {@code <benchmark>-<curve>.svg} each. */
final class Report {

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private final Path directory;

    Report(Path directory) {
        this.directory = directory;
    }

    /** Writes an outcome; what was written. */
    List<Path> write(Outcome outcome) throws IOException {
        Files.createDirectories(directory);
        List<Path> written = new ArrayList<>();
        written.add(Files.writeString(
                directory.resolve(outcome.benchmark() + ".json"), JSON.writeValueAsString(outcome) + "\n"));
        if (!outcome.figures().isEmpty()) {
            written.add(Files.writeString(directory.resolve(outcome.benchmark() + ".svg"), BarChart.of(outcome)));
        }
        for (Curve curve : outcome.curves()) {
            String name = curve.name().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
            written.add(Files.writeString(
                    directory.resolve(outcome.benchmark() + "-" + name + ".svg"), LineChart.of(curve, outcome)));
        }
        return written;
    }

    /** The outcome that was written last, as {@link #write} wrote it. */
    Outcome read(String benchmark) throws IOException {
        return JSON.readValue(Files.readString(directory.resolve(benchmark + ".json")), Outcome.class);
    }
}
