package io.farandole.acceptance.defect;

import io.farandole.testservers.TestDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Changes something in one of the framework's stored functions, as the database's administrator; all else of it stays. */
final class StoredFunction {

    private static final String DEFINITION = "select pg_get_functiondef(p.oid) from pg_proc p where p.pronamespace ="
            + " 'farandole'::regnamespace and p.proname = ? and p.pronargs = ?";

    private StoredFunction() {}

    /**
     * Replaces what a pattern matches.
     *
     * @param parameters how many it takes in: there are several of a name
     * @throws IllegalStateException if there is no such function, or nothing that matches: then this test is out of date
     */
    static void rewrite(TestDatabase database, String name, int parameters, String pattern, String replacement)
            throws SQLException {
        try (Connection connection = database.connectAsAdmin();
                Statement statement = connection.createStatement()) {
            String text = definition(connection, name, parameters);
            String rewritten = text.replaceFirst(pattern, replacement);
            if (rewritten.equals(text)) {
                throw new IllegalStateException(name + " has nothing that matches " + pattern + ": " + text);
            }
            statement.execute(rewritten);
        }
    }

    private static String definition(Connection connection, String name, int parameters) throws SQLException {
        try (PreparedStatement question = connection.prepareStatement(DEFINITION)) {
            question.setString(1, name);
            question.setInt(2, parameters);
            try (ResultSet answer = question.executeQuery()) {
                if (!answer.next()) {
                    throw new IllegalStateException("There is no function " + name + " of " + parameters);
                }
                return answer.getString(1);
            }
        }
    }
}
