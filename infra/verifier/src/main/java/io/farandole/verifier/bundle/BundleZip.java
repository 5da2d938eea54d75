package io.farandole.verifier.bundle;

import io.farandole.verifier.Hash;
import io.farandole.verifier.VerificationException;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Enumeration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * A bundle as a file. Nothing is ever unpacked to the disk, no name leads out of it, and no more is read of a file than its signed
 * manifest says that there is. Used by one thread.
 */
final class BundleZip implements AutoCloseable {

    private static final int LARGEST_MANIFEST = 16 << 20;
    private static final int LONGEST_LINE = 16 << 20;
    private static final int MOST_FILES = 1000;
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9.-]{0,80}");

    private final ZipFile zip;
    private final Set<String> names = new LinkedHashSet<>();

    BundleZip(Path file) throws VerificationException {
        if (!Files.isRegularFile(file)) {
            throw new VerificationException("There is no file " + file + ": name a bundle that farandole export wrote");
        }
        try {
            zip = new ZipFile(file.toFile());
        } catch (ZipException e) {
            throw new VerificationException(
                    file + " is no bundle, or was cut off on its way (" + e.getMessage() + "): ask for it again", e);
        } catch (IOException e) {
            throw new VerificationException(file + " cannot be read (" + e + ")", e);
        }
    }

    /** What is wrong with the files' names; null if nothing is. To be asked first. */
    @Nullable BundleFault oddName() {
        BundleFault odd = null;
        Enumeration<? extends ZipEntry> entries = zip.entries();
        while (entries.hasMoreElements()) {
            String name = entries.nextElement().getName();
            String wrong = wrong(name);
            if (wrong != null && odd == null) {
                odd = new BundleFault(printable(name), null, wrong);
            }
        }
        return odd;
    }

    private @Nullable String wrong(String name) {
        if (!NAME.matcher(name).matches()) {
            return "no file of a bundle is called so: somebody has added it";
        }
        if (names.size() >= MOST_FILES) {
            return "there are more than " + MOST_FILES + " files";
        }
        return names.add(name) ? null : "it is there twice: somebody has added one";
    }

    private static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }

    Set<String> names() {
        return names;
    }

    boolean has(String name) {
        return names.contains(name);
    }

    /** A small file, whole. */
    byte[] small(String name) throws IOException, VerificationException {
        try (InputStream in = open(name)) {
            byte[] bytes = in.readNBytes(LARGEST_MANIFEST + 1);
            if (bytes.length > LARGEST_MANIFEST) {
                throw new IllegalArgumentException("it is larger than any manifest");
            }
            return bytes;
        }
    }

    static Hash hash(byte[] bytes) {
        return Hash.of(sha256().digest(bytes));
    }

    static String text(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("it is not in UTF-8", e);
        }
    }

    /** Takes lines with their numbers, from 1. */
    interface Lines {
        void accept(long number, String line);
    }

    /**
     * Reads a file, line by line, and compares it with what the manifest says of it.
     *
     * @return a sentence on how it differs; null if it does not
     */
    @Nullable String read(BundledFile file, Lines lines) throws IOException, VerificationException {
        MessageDigest digest = sha256();
        long size = 0;
        try (InputStream in = new BufferedInputStream(new DigestInputStream(open(file.name()), digest), 1 << 16)) {
            ByteArrayOutputStream line = new ByteArrayOutputStream(4096);
            long number = 0;
            int read = in.read();
            while (read >= 0) {
                if (++size > file.size()) {
                    return "it is longer than the " + file.size() + " bytes that its manifest says";
                }
                if (read == '\n') {
                    lines.accept(++number, text(line.toByteArray()));
                    line.reset();
                } else {
                    line.write(read);
                    if (line.size() > LONGEST_LINE) {
                        return "line " + (number + 1) + " is longer than any line of a bundle";
                    }
                }
                read = in.read();
            }
            if (line.size() > 0) {
                return "its last line does not end: it was cut off";
            }
        }
        if (size != file.size()) {
            return "it has " + size + " bytes, and its manifest says " + file.size();
        }
        return Hash.of(digest.digest()).equals(file.sha256())
                ? null
                : "it is not as it was: its SHA-256 is another than its manifest says";
    }

    private InputStream open(String name) throws IOException, VerificationException {
        ZipEntry entry = zip.getEntry(name);
        InputStream in = entry == null ? null : zip.getInputStream(entry);
        if (in == null) {
            throw new VerificationException("The bundle has no " + name);
        }
        return in;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java platform has SHA-256; this one says otherwise", e);
        }
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }
}
