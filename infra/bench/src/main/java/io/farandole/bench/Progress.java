package io.farandole.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Which benchmarks of a run of all are done, in a file beside the results: a run that was interrupted goes on where it was. One
 * with other settings, or of another commit, starts over, so that what is told together belongs together.
 */
final class Progress {

    private final Path file;
    private final List<String> done;

    private Progress(Path file, List<String> done) {
        this.file = file;
        this.done = done;
    }

    /** The progress of a run with these settings, of this commit. */
    static Progress of(Settings settings, String commit, boolean again) throws IOException {
        Files.createDirectories(settings.results());
        Path file = settings.results().resolve("all.progress");
        String head = "commit=" + commit + " quick=" + settings.quick() + " rounds=" + settings.rounds();
        List<String> lines = Files.exists(file) && !again ? Files.readAllLines(file) : List.of();
        if (lines.isEmpty() || !lines.get(0).equals(head)) {
            Files.writeString(file, head + "\n");
            return new Progress(file, new ArrayList<>());
        }
        return new Progress(file, new ArrayList<>(lines.subList(1, lines.size())));
    }

    boolean isDone(String benchmark) {
        return done.contains(benchmark);
    }

    void done(String benchmark) throws IOException {
        done.add(benchmark);
        Files.writeString(file, benchmark + "\n", StandardOpenOption.APPEND);
    }

    /** The run is complete: the next one starts anew. */
    void complete() throws IOException {
        Files.delete(file);
    }
}
