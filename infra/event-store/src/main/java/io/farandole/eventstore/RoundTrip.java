package io.farandole.eventstore;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Statements that go to the database together and are waited for once. They are executed in their order, each with a snapshot of its
 * own (at READ COMMITTED), as if they had been sent one by one; after one that fails none is executed. Used by one thread, once.
 *
 * <p>The driver sends a text of several statements, which it divides at the semicolons, in one go.
 */
public final class RoundTrip {

    private final JdbcTemplate jdbc;
    private final List<Statement> statements = new ArrayList<>();

    /** A round trip to the database of this data source, on the connection of the current transaction if there is one. */
    public RoundTrip(JdbcTemplate jdbc) {
        this.jdbc = jdbc;
    }

    /** One of the statements. */
    public interface Statement {

        /** One statement, with question marks for its parameters. */
        String sql();

        /**
         * Binds the parameters.
         *
         * @param before how many parameters of others there are before: the first one has this index and one
         * @return how many there are, with one's own
         */
        int bind(PreparedStatement statement, int before) throws SQLException;

        /** Takes the rows; not called for a statement without any. */
        default void rows(ResultSet rows) throws SQLException {
            throw new SQLException("Nobody wants the rows of: " + sql());
        }

        /** Takes the number of rows changed, of a statement that has no rows to give. */
        default void changed(int count) throws SQLException {
            throw new SQLException("Nobody wants to know what was changed by: " + sql());
        }

        /** What a failure means, if it is this statement's and means something; null otherwise. */
        default @Nullable RuntimeException meaning(DataAccessException failure) {
            return null;
        }
    }

    /** Adds a statement behind the others. */
    public void add(Statement statement) {
        statements.add(statement);
    }

    /** Whether nothing was added. */
    public boolean isEmpty() {
        return statements.isEmpty();
    }

    /** Whether it goes to this data source, so that what belongs there may be added. */
    public boolean isTo(@Nullable DataSource dataSource) {
        return jdbc.getDataSource() == dataSource;
    }

    /**
     * Executes all of it, joining the current transaction. Results are handed out in the order of the statements, after all have been
     * executed; what a statement throws when it is given its own goes out to the caller.
     *
     * @throws RuntimeException what the first statement makes of a failure that is its own; a {@link DataAccessException}
     *     otherwise
     */
    public void execute() {
        if (statements.isEmpty()) {
            return;
        }
        try {
            jdbc.execute((ConnectionCallback<Boolean>) this::execute);
        } catch (DataAccessException failure) {
            for (Statement statement : statements) {
                RuntimeException meaning = statement.meaning(failure);
                if (meaning != null) {
                    throw meaning;
                }
            }
            throw failure;
        }
    }

    private Boolean execute(Connection connection) throws SQLException {
        String sql = statements.stream().map(Statement::sql).collect(Collectors.joining("; "));
        try (PreparedStatement together = connection.prepareStatement(sql)) {
            int bound = 0;
            for (Statement statement : statements) {
                bound = statement.bind(together, bound);
            }
            boolean hasRows = together.execute();
            for (Statement statement : statements) {
                if (hasRows) {
                    try (ResultSet rows = together.getResultSet()) {
                        statement.rows(rows);
                    }
                } else {
                    statement.changed(together.getUpdateCount());
                }
                hasRows = together.getMoreResults();
            }
            return true;
        }
    }
}
