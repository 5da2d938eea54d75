package io.farandole.cli;

import io.farandole.verifier.Hash;
import io.farandole.verifier.bundle.BundleNames;
import io.farandole.verifier.bundle.BundledFile;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Writes a context's part into a directory while it is told, and compares it with what its manifest says. Used once. */
final class PartDownload {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final String context;
    private final Path directory;
    private final Consumer<String> events;
    private final LongConsumer progress;

    private final StringBuilder manifest = new StringBuilder();
    private final StringBuilder signature = new StringBuilder();
    private long announced;
    private long told;
    private boolean ended;

    /**
     * Of a context.
     *
     * @param events is given each event's line
     * @param progress is told how many have come
     */
    PartDownload(String context, Path directory, Consumer<String> events, LongConsumer progress) {
        this.context = context;
        this.directory = directory;
        this.events = events;
        this.progress = progress;
    }

    /** A file that could not be written, in contrast to an answer that could not be read. */
    static final class NoRoomException extends UncheckedIOException {

        private static final long serialVersionUID = 1L;

        NoRoomException(IOException cause) {
            super(cause);
        }
    }

    /** How many events there will be; known once the first line has come. */
    long announced() {
        return announced;
    }

    /**
     * Reads to the end.
     *
     * @return the part's files, with what the bundle's manifest is to say of them
     * @throws IOException if it breaks off, or is not what its manifest says; what was written is of no use then
     */
    List<BundledFile> read(InputStream in) throws IOException {
        try (Written rows = new Written(BundleNames.events(context));
                Written proofs = new Written(BundleNames.proofs(context));
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            String line = lines.readLine();
            while (line != null) {
                accept(line, rows, proofs);
                line = lines.readLine();
            }
            if (!ended) {
                throw new IOException("its answer broke off");
            }
            List<BundledFile> files = new ArrayList<>(List.of(rows.file(), proofs.file()));
            compare(files);
            files.add(small(BundleNames.manifest(context), manifest.toString()));
            files.add(small(BundleNames.signature(context), signature.toString()));
            return files;
        }
    }

    /** What the part's manifest says. */
    JsonNode manifest() {
        return JSON.readTree(manifest.toString());
    }

    private void accept(String line, Written rows, Written proofs) throws IOException {
        int space = line.indexOf(' ');
        String word = space < 0 ? line : line.substring(0, space);
        String rest = line.substring(space + 1);
        switch (word) {
            case "events" -> announced = Long.parseLong(rest);
            case "event" -> {
                rows.line(rest);
                events.accept(rest);
                progress.accept(++told);
            }
            case "proof" -> proofs.line(rest);
            case "manifest" -> manifest.append(rest).append('\n');
            case "signature" -> signature.append(rest).append('\n');
            case "end" -> ended = true;
            default -> throw new IOException("its answer cannot be understood: is it of another version?");
        }
    }

    private void compare(List<BundledFile> files) throws IOException {
        JsonNode said = manifest();
        if (!said.path("context").asString("").equals(context)) {
            throw new IOException("it is the service of context "
                    + said.path("context").asString("") + ": name it so with --context");
        }
        for (BundledFile file : files) {
            boolean same = false;
            for (JsonNode each : said.path("files")) {
                same |= each.path("name").asString("").equals(file.name())
                        && each.path("size").asLong() == file.size()
                        && each.path("sha256").asString("").equals(file.sha256().toString());
            }
            if (!same) {
                throw new IOException("what came is not what it signed");
            }
        }
    }

    private BundledFile small(String name, String text) throws IOException {
        try (Written file = new Written(name)) {
            file.bytes(text.getBytes(StandardCharsets.UTF_8));
            return file.file();
        }
    }

    /** A file on its way to the disk. */
    private final class Written implements AutoCloseable {

        private final String name;
        private final OutputStream out;
        private final MessageDigest digest;
        private long size;

        Written(String name) {
            this.name = name;
            try {
                this.out = new BufferedOutputStream(Files.newOutputStream(directory.resolve(name)), 1 << 16);
                this.digest = MessageDigest.getInstance("SHA-256");
            } catch (IOException e) {
                throw new NoRoomException(e);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("Every Java platform has SHA-256; this one says otherwise", e);
            }
        }

        void line(String line) {
            bytes((line + "\n").getBytes(StandardCharsets.UTF_8));
        }

        void bytes(byte[] bytes) {
            digest.update(bytes);
            size += bytes.length;
            try {
                out.write(bytes);
            } catch (IOException e) {
                throw new NoRoomException(e);
            }
        }

        BundledFile file() {
            return new BundledFile(name, size, Hash.of(digest.digest()));
        }

        @Override
        public void close() {
            try {
                out.close();
            } catch (IOException e) {
                throw new NoRoomException(e);
            }
        }
    }
}
