package io.farandole.verifier;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * What to verify, and where it is.
 *
 * @param url the JDBC URL of the context's database, of a replica of it, or of a restored backup
 * @param user a role that may read {@code farandole.journal}, {@code .seal} and {@code .checkpoint}; null if the URL says it
 * @param password its password; null if the URL says it, or none is needed
 * @param checkpoints the directory of checkpoints; null to verify seals alone
 * @param publicKeys PEM files of those who may have signed them
 * @param context whose journal it is; null to take the database's word for it
 * @param range which positions
 * @param since events that occurred at this time or later, in place of a range of positions; null for all
 * @param until events that occurred at this time or earlier; null for all
 */
public record VerificationPlan(
        String url,
        @Nullable String user,
        @Nullable String password,
        @Nullable Path checkpoints,
        List<Path> publicKeys,
        @Nullable String context,
        Range range,
        @Nullable Instant since,
        @Nullable Instant until) {

    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("9999-01-01T00:00:00Z");

    public VerificationPlan {
        publicKeys = List.copyOf(publicKeys);
    }

    /**
     * Verifies. Takes as long as reading the journal does.
     *
     * @throws VerificationException if it cannot be told whether the journal is intact; says why, and what to do
     */
    public Report run(Progress progress) throws VerificationException {
        List<PublicKey> keys = keys();
        try (Connection connection = connect()) {
            SealedJournal journal = new SealedJournal(connection);
            journal.readInOrder();
            Range wanted = since == null && until == null
                    ? range
                    : journal.between(
                            (since == null ? EARLIEST : since).atOffset(ZoneOffset.UTC),
                            (until == null ? LATEST : until).atOffset(ZoneOffset.UTC));
            return checkpoints == null
                    ? Verification.ofSeals(journal, wanted, progress)
                    : Verification.ofSealsAndCheckpoints(
                            journal, context(journal, checkpoints), checkpoints, keys, wanted, progress);
        } catch (SQLException e) {
            throw new VerificationException(sentence(e), e);
        } catch (UncheckedIOException e) {
            throw unreadable(e.getCause());
        } catch (IOException e) {
            throw unreadable(e);
        } catch (IllegalArgumentException e) {
            throw new VerificationException(
                    "The journal is not stored as this program knows it (" + e.getMessage()
                            + "): take the verifier of the release that wrote it",
                    e);
        }
    }

    private List<PublicKey> keys() throws VerificationException {
        if (checkpoints != null && publicKeys.isEmpty()) {
            throw new VerificationException(
                    "Checkpoints say nothing without the public key of the one that signed them:"
                            + " give its PEM file");
        }
        if (checkpoints == null && !publicKeys.isEmpty()) {
            throw new VerificationException("A public key verifies checkpoints: give their directory too");
        }
        List<PublicKey> keys = new ArrayList<>();
        for (Path file : publicKeys) {
            try {
                keys.addAll(PublicKeys.read(file));
            } catch (IOException e) {
                throw new VerificationException("The public key " + file + " cannot be read (" + e + ")", e);
            } catch (IllegalArgumentException e) {
                throw new VerificationException(String.valueOf(e.getMessage()), e);
            }
        }
        return keys;
    }

    private Connection connect() throws VerificationException, SQLException {
        if (!url.startsWith("jdbc:postgresql:")) {
            throw new VerificationException("A journal is in PostgreSQL: give a URL such as"
                    + " jdbc:postgresql://host:5432/order, not " + url.split("\\?", 2)[0]);
        }
        Properties properties = new Properties();
        if (user != null) {
            properties.setProperty("user", user);
        }
        if (password != null) {
            properties.setProperty("password", password);
        }
        properties.setProperty("ApplicationName", "farandole-verifier");
        properties.setProperty("connectTimeout", "10");
        properties.setProperty("socketTimeout", "300");
        properties.setProperty("readOnly", "true");
        return DriverManager.getConnection(url, properties);
    }

    private String context(SealedJournal journal, Path directory)
            throws SQLException, IOException, VerificationException {
        String name = context;
        if (name == null) {
            Seal last = journal.lastSeal();
            if (last == null) {
                throw new VerificationException("Nothing is sealed in this journal, or nothing any more:"
                        + " name the context, and its checkpoints are asked");
            }
            name = last.context();
        }
        CheckpointFiles files;
        try {
            files = new CheckpointFiles(directory, name);
        } catch (IllegalArgumentException e) {
            throw new VerificationException(String.valueOf(e.getMessage()), e);
        }
        if (!Files.isDirectory(directory) || files.newest().isEmpty()) {
            throw new VerificationException("There are no checkpoints of " + name + " in " + directory
                    + ": is it the directory of farandole.audit.seal.checkpoints?");
        }
        return name;
    }

    private static VerificationException unreadable(@Nullable IOException e) {
        return new VerificationException("The checkpoints cannot be read (" + e + ")");
    }

    private static String sentence(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        String what = " (" + e.getMessage() + ")";
        if (state.equals("42501")) {
            return "The role may not read all that it must" + what
                    + ": grant it usage on schema farandole, and select on"
                    + " farandole.journal, farandole.seal and farandole.checkpoint";
        }
        if (state.startsWith("42") || state.equals("3F000")) {
            return "This is no sealed journal" + what + ": is it the database of a context, of a release that seals?";
        }
        return "The journal could not be read" + what + ": nothing is known of it. Try again once it can";
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "VerificationPlan[" + url.split("\\?", 2)[0] + ", " + range + "]";
    }
}
