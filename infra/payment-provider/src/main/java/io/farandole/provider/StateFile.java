package io.farandole.provider;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;

/**
 * Remembered operations, one JSON object per line, appended only. It outlives a kill of the process; a last line that was
 * cut off was never answered, and is removed when the file is opened.
 */
final class StateFile implements AutoCloseable {

    private static final JsonMapper JSON = new JsonMapper();

    private final FileChannel channel;

    private StateFile(FileChannel channel) {
        this.channel = channel;
    }

    /** Opens the file, creating it if needed, and reads what it holds into {@code entries}. */
    static StateFile open(Path path, List<Entry> entries) throws IOException {
        FileChannel channel =
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            ByteBuffer content = ByteBuffer.allocate(Math.toIntExact(channel.size()));
            while (content.hasRemaining() && channel.read(content) >= 0) {}
            byte[] bytes = content.array();
            int end = content.position();
            while (end > 0 && bytes[end - 1] != '\n') {
                end--;
            }
            List<Entry> read = new ArrayList<>();
            new String(bytes, 0, end, StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> JSON.readValue(line, Entry.class))
                    .forEach(read::add);
            channel.truncate(end);
            channel.position(end);
            entries.addAll(read);
            return new StateFile(channel);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** Appends one operation; handed to the operating system when this returns. */
    synchronized void append(Entry entry) {
        ByteBuffer line = ByteBuffer.wrap((JSON.writeValueAsString(entry) + "\n").getBytes(StandardCharsets.UTF_8));
        try {
            while (line.hasRemaining()) {
                channel.write(line);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The provider's state file cannot be written; is the disk full?", e);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
