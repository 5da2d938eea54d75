package io.farandole.cli;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A bundle that is being put together: in a directory beside its place, then as a file beside it, which is moved there once it is on
 * the disk. Under its name there is a whole bundle or none. Closing removes the rest.
 */
final class BundleFile implements AutoCloseable {

    private final Path target;
    private final Path directory;
    private final Thread atTheEnd = new Thread(this::remove, "farandole-export-end");

    /** To be at a place. */
    BundleFile(Path target) throws IOException {
        this.target = target;
        Path folder = target.getParent();
        if (folder == null || target.getFileName() == null) {
            throw new IOException("it is no file");
        }
        this.directory = Files.createTempDirectory(folder, ".farandole-export-");
        // What is half there is somebody's history: it does not stay when the command is interrupted.
        Runtime.getRuntime().addShutdownHook(atTheEnd);
    }

    Path directory() {
        return directory;
    }

    /** Puts files of the directory into the bundle, in this order. */
    void write(List<String> names) throws IOException {
        Path beside = directory.resolve("bundle.part");
        try (FileChannel channel = FileChannel.open(beside, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
            ZipOutputStream zip = new ZipOutputStream(out);
            for (String name : names) {
                zip.putNextEntry(new ZipEntry(name));
                try (InputStream in = Files.newInputStream(directory.resolve(name))) {
                    in.transferTo(zip);
                }
                zip.closeEntry();
            }
            zip.finish();
            out.flush();
            channel.force(true);
        }
        Files.move(beside, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(atTheEnd);
        remove();
    }

    private void remove() {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("What was written beside the bundle is still in " + directory, e);
        }
    }
}
