package io.farandole.shop.payment.transfer.bank;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The directory that decisions are logged to, as long as this process has it to itself: a lock that the operating system gives up
 * when the process dies, and a file that tells whose decisions these are.
 */
final class ObjectStore implements AutoCloseable {

    private final FileChannel channel;

    private ObjectStore(FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Takes the directory, which is made if it is not there.
     *
     * @throws IllegalStateException if another process has it, it is another node's, or it cannot be written
     */
    static ObjectStore take(Path directory, String node) {
        try {
            Files.createDirectories(directory);
            FileChannel channel =
                    FileChannel.open(directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            boolean taken = false;
            try {
                if (lock(channel) == null) {
                    throw new IllegalStateException(
                            "shop.transfer.object-store=" + directory
                                    + " is in use by another instance: give each its own directory, and its own shop.transfer.node");
                }
                requireOwner(directory, node);
                taken = true;
                return new ObjectStore(channel);
            } finally {
                if (!taken) {
                    channel.close();
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException(
                    "shop.transfer.object-store=" + directory + " cannot be written: " + e
                            + ". Name a directory on a disk that survives this instance",
                    e);
        }
    }

    private static @Nullable FileLock lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException inThisProcess) {
            return null;
        }
    }

    private static void requireOwner(Path directory, String node) throws IOException {
        Path owner = directory.resolve("node");
        if (!Files.exists(owner)) {
            Files.writeString(owner, node, StandardOpenOption.CREATE_NEW, StandardOpenOption.SYNC);
            return;
        }
        String before = Files.readString(owner).strip();
        if (!before.equals(node)) {
            throw new IllegalStateException(
                    "shop.transfer.object-store=" + directory + " holds decisions of node '" + before
                            + "', and shop.transfer.node is '" + node
                            + "': branches that are prepared under the old name would stay"
                            + " in doubt. Keep the name, or start with the old one until nothing is prepared, then empty the directory");
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
