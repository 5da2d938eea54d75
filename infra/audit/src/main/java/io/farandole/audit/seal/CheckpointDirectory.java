package io.farandole.audit.seal;

import io.farandole.verifier.CheckpointFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * Checkpoints as files of a directory that all instances share, such as a mounted one of another machine. Each is written
 * beside its place and moved there once it is on the disk, so there is no half a checkpoint.
 */
public final class CheckpointDirectory implements CheckpointStore {

    private final CheckpointFiles files;

    /**
     * In a directory, which is made if it is missing.
     *
     * @param context whose checkpoints
     */
    public CheckpointDirectory(Path directory, String context) {
        this.files = new CheckpointFiles(directory, context);
    }

    @Override
    public void store(long number, String content) throws IOException {
        Path file = files.file(number);
        if (isThere(file, content)) {
            return;
        }
        Path folder = Objects.requireNonNull(file.getParent());
        Files.createDirectories(folder);
        Path beside = folder.resolve("." + number + "." + UUID.randomUUID() + ".tmp");
        try {
            write(beside, content);
            // Two instances may do so at once: they hold the same content, which the database keeps until it is stored.
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(beside);
        }
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static boolean isThere(Path file, String content) throws IOException {
        if (!Files.exists(file)) {
            return false;
        }
        if (!Files.readString(file, StandardCharsets.UTF_8).equals(content)) {
            throw new IOException(file + " holds another checkpoint than this journal's, and is left as it is: was the"
                    + " database restored from a backup, or is the directory that of another installation?"
                    + " Verify the journal, then give it an empty directory");
        }
        return true;
    }

    private static void write(Path file, String content) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
    }

    @Override
    public OptionalLong newest() throws IOException {
        return files.newest();
    }

    @Override
    public String toString() {
        return files.toString();
    }
}
