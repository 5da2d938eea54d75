package io.farandole.shop.payment.transfer.bank;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * At each bank, a lock on the node's name for as long as the session that looks for branches in doubt lives. A second instance of
 * that name, on another machine, say, would take the first one's branches for its own forgotten ones, and roll them back.
 */
final class NodeLock {

    private static final String TAKE = "select pg_try_advisory_lock(hashtext('farandole.transfer'), hashtext(?))";

    private NodeLock() {}

    /** Takes it for the session; false if another session has it. */
    static boolean take(Connection connection, String node) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(TAKE)) {
            statement.setString(1, node);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }
}
