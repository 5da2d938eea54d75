package io.farandole.shop.payment.transfer.bank;

import com.arjuna.ats.jta.recovery.XAResourceRecoveryHelper;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.XAConnection;
import javax.transaction.xa.XAResource;
import org.jspecify.annotations.Nullable;

/**
 * One bank as recovery sees it: a connection of its own, kept from scan to scan, with the node's lock. Whoever cannot be reached
 * is left out of the scan, and what is in doubt there stays so until the next.
 */
final class RecoveredBank implements XAResourceRecoveryHelper {

    private final Bank bank;
    private final String node;
    private @Nullable XAConnection connection;

    RecoveredBank(Bank bank, String node) {
        this.bank = bank;
        this.node = node;
    }

    @Override
    public boolean initialise(String parameter) {
        return true;
    }

    @Override
    public synchronized XAResource[] getXAResources() throws SQLException {
        XAConnection current = connection;
        if (current != null && !isAlive(current)) {
            close();
            current = null;
        }
        if (current == null) {
            current = open();
            connection = current;
        }
        return new XAResource[] {new XaBranch(current.getXAResource(), bank.name(), XaMoments.UNNOTICED)};
    }

    private XAConnection open() throws SQLException {
        XAConnection fresh = bank.newXa();
        boolean locked = false;
        try (Connection session = fresh.getConnection()) {
            locked = NodeLock.take(session, node);
        } finally {
            if (!locked) {
                bank.closeQuietly(fresh);
            }
        }
        if (!locked) {
            throw new NodeTakenException("Another instance is connected to bank " + bank.name()
                    + " as shop.transfer.node=" + node + ": give each instance its own name");
        }
        return fresh;
    }

    private static boolean isAlive(XAConnection connection) {
        try (Connection session = connection.getConnection()) {
            return session.isValid(1);
        } catch (SQLException e) {
            return false;
        }
    }

    synchronized void close() {
        XAConnection current = connection;
        connection = null;
        if (current != null) {
            bank.closeQuietly(current);
        }
    }
}
