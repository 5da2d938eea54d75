package io.farandole.eventstore;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Binds one column of a batch as one array.
 *
 * @param before how many parameters there are before those that are counted from 1 here
 */
record Arrays(Connection connection, int before) {

    <T> void text(PreparedStatement statement, int index, List<T> items, Function<T, @Nullable String> column)
            throws SQLException {
        @Nullable String[] values = new String[items.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = column.apply(items.get(i));
        }
        bind(statement, index, "text", values);
    }

    <T> void bigint(PreparedStatement statement, int index, List<T> items, Function<T, @Nullable Long> column)
            throws SQLException {
        @Nullable Long[] values = new Long[items.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = column.apply(items.get(i));
        }
        bind(statement, index, "int8", values);
    }

    <T> void integer(PreparedStatement statement, int index, List<T> items, Function<T, Integer> column)
            throws SQLException {
        Integer[] values = new Integer[items.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = column.apply(items.get(i));
        }
        bind(statement, index, "int4", values);
    }

    private void bind(PreparedStatement statement, int index, String type, @Nullable Object[] values)
            throws SQLException {
        Array array = connection.createArrayOf(type, values);
        statement.setArray(before + index, array);
    }
}
