package io.farandole.shop.payment.transfer.bank;

import java.sql.Connection;
import java.sql.SQLException;

/** Work in one local transaction at a bank. */
@FunctionalInterface
interface LocalTransaction<T> {

    /** The work; an exception rolls it back. */
    T in(Connection connection) throws SQLException, RefusedException;

    /** Does it. */
    static <T> T at(Bank bank, LocalTransaction<T> work) throws SQLException, RefusedException {
        try (Connection connection = bank.connect()) {
            connection.setAutoCommit(false);
            boolean done = false;
            try {
                T result = work.in(connection);
                connection.commit();
                done = true;
                return result;
            } finally {
                if (!done) {
                    connection.rollback();
                }
                connection.setAutoCommit(true);
            }
        }
    }
}
