package io.farandole.saga.outside;

import java.sql.Connection;
import java.sql.SQLException;
import org.springframework.jdbc.datasource.AbstractDataSource;

/** Where calls are that are noted only: nowhere. */
final class NoDatabase extends AbstractDataSource {

    @Override
    public Connection getConnection() throws SQLException {
        throw new SQLException("These outside calls are noted in a replay: none is stored, made or listed");
    }

    @Override
    public Connection getConnection(String username, String password) throws SQLException {
        return getConnection();
    }
}
