package io.farandole.saga;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** Remembers the statements that are prepared on its connections, which are others than those of the data source itself. */
final class CountingDataSource extends DelegatingDataSource {

    final List<String> statements = new CopyOnWriteArrayList<>();

    CountingDataSource(DataSource real) {
        super(real);
    }

    @Override
    public Connection getConnection() throws SQLException {
        Connection real = super.getConnection();
        Class<?>[] types = {Connection.class};
        return (Connection) Proxy.newProxyInstance(getClass().getClassLoader(), types, (self, method, arguments) -> {
            if (method.getName().equals("prepareStatement")) {
                statements.add((String) arguments[0]);
            }
            try {
                return method.invoke(real, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        });
    }
}
