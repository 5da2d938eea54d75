import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** What {@code infra/services} needs where psql and xz are not installed; run from source by {@code java}. */
final class PostgresTool {

    private PostgresTool() {}

    public static void main(String[] arguments) throws Exception {
        switch (arguments[0]) {
            case "sql" -> sql(arguments[1], arguments[2], arguments[3], arguments[4]);
            case "unpack" -> unpack(Path.of(arguments[1]), Path.of(arguments[2]));
            default -> throw new IllegalArgumentException("sql or unpack, not " + arguments[0]);
        }
    }

    /** Runs the script on standard input, and prints the first column of its last result. */
    private static void sql(String host, String port, String database, String user) throws IOException, SQLException {
        Properties login = new Properties();
        login.setProperty("user", user);
        login.setProperty("password", System.getenv("PGPASSWORD"));
        login.setProperty("loginTimeout", "30");
        login.setProperty("connectTimeout", "10");
        String script = new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
        try (Connection connection =
                        DriverManager.getConnection("jdbc:postgresql://" + host + ":" + port + "/" + database, login);
                Statement statement = connection.createStatement()) {
            boolean rows = statement.execute(script);
            StringBuilder last = new StringBuilder();
            while (rows || statement.getUpdateCount() != -1) {
                last.setLength(0);
                if (rows) {
                    ResultSet result = statement.getResultSet();
                    while (result.next()) {
                        last.append(result.getString(1)).append('\n');
                    }
                }
                rows = statement.getMoreResults();
            }
            System.out.print(last);
        } catch (SQLException refused) {
            System.err.println(refused.getMessage());
            System.exit(1);
        }
    }

    /** Takes the one .txz entry out of the jar, and decompresses it to a tar file. */
    private static void unpack(Path jar, Path tar) throws Exception {
        try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(jar))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (entry.getName().endsWith(".txz")) {
                    // By name: the class path is known only when this runs.
                    InputStream plain = (InputStream) Class.forName("org.tukaani.xz.XZInputStream")
                            .getConstructor(InputStream.class)
                            .newInstance(zip);
                    Files.copy(plain, tar);
                    return;
                }
            }
        }
        throw new IOException(jar + " holds no .txz");
    }
}
