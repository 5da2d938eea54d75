package io.farandole.acceptance.history;

import io.farandole.acceptance.shop.RunningShop;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.postgresql.PGConnection;

/**
 * Looks for words in all that a shop leaves behind: every row of every table of every database, as a dump has them; the database server's
 * files, its write-ahead log among them; the broker's files; the services' logs.
 */
final class Canary {

    private final RunningShop shop;

    Canary(RunningShop shop) {
        this.shop = shop;
    }

    /** Where the words were found, in clear or in Base64. */
    List<String> found(List<String> words) throws SQLException, IOException {
        List<byte[]> wanted = words.stream().flatMap(Canary::forms).toList();
        List<String> found = new ArrayList<>();
        for (String context : List.of("order", "stock", "payment")) {
            byte[] dump = dump(context).getBytes(StandardCharsets.UTF_8);
            if (dump.length < 10_000) {
                throw new IllegalStateException("The dump of " + context + " is no dump");
            }
            add(found, "the dump of " + context, dump, wanted);
        }
        for (Path directory :
                List.of(dataDirectory(), shop.postgres().home(), shop.rabbit().home())) {
            search(directory, wanted, found);
        }
        try (Stream<Path> logs = Files.list(Path.of("target"))) {
            for (Path log : logs.filter(file -> file.getFileName().toString().startsWith("shop-"))
                    .toList()) {
                add(found, log.toString(), Files.readAllBytes(log), wanted);
            }
        }
        return found;
    }

    /** The files of one table, once it was written to disk. */
    byte[] filesOf(String context, String table) throws SQLException, IOException {
        try (Connection connection = connect(context);
                Statement statement = connection.createStatement()) {
            statement.execute("checkpoint");
            try (ResultSet path = statement.executeQuery("select pg_relation_filepath('" + table + "')")) {
                path.next();
                return Files.readAllBytes(dataDirectory().resolve(path.getString(1)));
            }
        }
    }

    static boolean contains(byte[] text, byte[] word) {
        outer:
        for (int i = 0; i <= text.length - word.length; i++) {
            for (int j = 0; j < word.length; j++) {
                if (text[i + j] != word[j]) {
                    continue outer;
                }
            }
            return true;
        }
        return false;
    }

    Connection connect(String context) throws SQLException {
        var database = shop.database(context);
        return DriverManager.getConnection(database.url(), database.user(), database.password());
    }

    /** Base64 looks different at each of three offsets; what is between the ends is the same. */
    private static Stream<byte[]> forms(String word) {
        Stream.Builder<byte[]> forms = Stream.builder();
        forms.add(word.getBytes(StandardCharsets.UTF_8));
        for (int offset = 0; offset < 3; offset++) {
            String coded = Base64.getEncoder()
                    .withoutPadding()
                    .encodeToString(("x".repeat(offset) + word).getBytes(StandardCharsets.UTF_8));
            forms.add(coded.substring(4, coded.length() - 4).getBytes(StandardCharsets.US_ASCII));
        }
        return forms.build();
    }

    private String dump(String context) throws SQLException, IOException {
        StringWriter dump = new StringWriter();
        try (Connection connection = connect(context);
                Statement statement = connection.createStatement()) {
            List<String> tables = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery("select format('%I.%I', n.nspname, c.relname)"
                    + " from pg_class c join pg_namespace n on n.oid = c.relnamespace"
                    + " where c.relkind = 'r' and n.nspname !~ '^(pg_|information_schema)'")) {
                while (rows.next()) {
                    tables.add(rows.getString(1));
                }
            }
            for (String table : tables) {
                dump.append(table).append('\n');
                connection.unwrap(PGConnection.class).getCopyAPI().copyOut("copy " + table + " to stdout", dump);
            }
        }
        return dump.toString();
    }

    private Path dataDirectory() throws SQLException {
        try (Connection connection = connect("order");
                Statement statement = connection.createStatement();
                ResultSet directory = statement.executeQuery("show data_directory")) {
            directory.next();
            return Path.of(directory.getString(1));
        }
    }

    private static void search(Path directory, List<byte[]> wanted, List<String> found) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(directory)) {
            files = all.filter(Files::isRegularFile).toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        for (Path file : files) {
            add(found, file.toString(), textOf(file), wanted);
        }
    }

    /** Empty if the server has just deleted it. */
    private static byte[] textOf(Path file) throws IOException {
        try {
            return Files.readAllBytes(file);
        } catch (NoSuchFileException gone) {
            return new byte[0];
        }
    }

    private static void add(List<String> found, String where, byte[] text, List<byte[]> wanted) {
        for (byte[] word : wanted) {
            if (contains(text, word)) {
                found.add(where + ": " + new String(word, StandardCharsets.UTF_8));
            }
        }
    }
}
