package io.farandole.verifier;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Where checkpoints are in a directory: {@code <directory>/<context>/<thousand>/<number>.checkpoint}, a thousand to a folder.
 * Thread-safe.
 */
public final class CheckpointFiles {

    private static final Pattern CONTEXT = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");
    private static final Pattern FOLDER = Pattern.compile("[0-9]{12}");
    private static final Pattern FILE = Pattern.compile("([0-9]{15})\\.checkpoint");
    private static final int PER_FOLDER = 1000;

    private final Path folder;

    /**
     * Those of one context.
     *
     * @throws IllegalArgumentException if the context's name is none that a folder can have
     */
    public CheckpointFiles(Path directory, String context) {
        if (!CONTEXT.matcher(context).matches()) {
            throw new IllegalArgumentException(
                    "Checkpoints of '" + context + "' cannot be kept in files: a folder cannot be named so");
        }
        this.folder = directory.resolve(context);
    }

    /** The file of a checkpoint, whether it exists or not. */
    public Path file(long number) {
        return folder.resolve(String.format(java.util.Locale.ROOT, "%012d", number / PER_FOLDER))
                .resolve(String.format(java.util.Locale.ROOT, "%015d.checkpoint", number));
    }

    /** The number of the newest one; empty if there is none. */
    public OptionalLong newest() throws IOException {
        List<Path> folders = folders();
        for (int i = folders.size() - 1; i >= 0; i--) {
            OptionalLong newest =
                    numbers(folders.get(i)).stream().mapToLong(Long::longValue).max();
            if (newest.isPresent()) {
                return newest;
            }
        }
        return OptionalLong.empty();
    }

    /** The numbers of those that are there, in order. */
    long[] numbers() throws IOException {
        LongStream.Builder all = LongStream.builder();
        for (Path each : folders()) {
            numbers(each).forEach(all::add);
        }
        return all.build().toArray();
    }

    private List<Path> folders() throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(entry -> FOLDER.matcher(name(entry)).matches())
                    .sorted()
                    .toList();
        } catch (NoSuchFileException e) {
            return List.of();
        }
    }

    private static List<Long> numbers(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.map(entry -> FILE.matcher(name(entry)))
                    .filter(Matcher::matches)
                    .map(matcher -> Long.parseLong(matcher.group(1)))
                    .sorted()
                    .toList();
        }
    }

    private static String name(Path path) {
        return String.valueOf(path.getFileName());
    }

    @Override
    public String toString() {
        return folder.toString();
    }
}
