package io.farandole.eventstore;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.AbstractDataSource;

/** A pool's connections, counted; they may be such as do not commit by themselves. */
final class Connections extends AbstractDataSource {

    private final AtomicInteger asked = new AtomicInteger();
    private final DataSource pool;
    private final boolean autoCommit;

    Connections(DataSource pool, boolean autoCommit) {
        this.pool = pool;
        this.autoCommit = autoCommit;
    }

    /** How often it was asked for one. */
    int asked() {
        return asked.get();
    }

    @Override
    public Connection getConnection() throws SQLException {
        asked.incrementAndGet();
        Connection connection = pool.getConnection();
        connection.setAutoCommit(autoCommit);
        return connection;
    }

    @Override
    public Connection getConnection(String user, String password) {
        throw new UnsupportedOperationException("The pool knows who connects");
    }
}
