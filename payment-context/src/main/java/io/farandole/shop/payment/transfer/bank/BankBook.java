package io.farandole.shop.payment.transfer.bank;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** The statements at one bank, each in the transaction of the connection that it is given. Without state. */
final class BankBook {

    /**
     * One round trip, the part first: whoever meets its key has changed nothing. {@code available} is what a debit needs and a
     * credit does not; the last condition keeps a credit from overflowing.
     */
    private static final String MOVE =
            """
            with part as (
              insert into transfer_part (transfer_id, side, account, amount, currency, state, branch)
              values (?, ?, ?, ?, ?, 'DONE', ?) returning 1),
            moved as (
              update account set balance = balance + ?
               where account = ? and currency = ? and balance - held >= ? and balance <= ?
                 and exists (select from part) returning 1)
            insert into entry (transfer_id, side, account, amount) select ?, ?, ?, ? from moved
            """;

    private static final String HOLD =
            "update account set held = held + ? where account = ? and currency = ? and balance - held >= ?";
    private static final String TAKE = "update account set balance = balance - ?, held = held - ? where account = ?";
    private static final String RELEASE = "update account set held = held - ? where account = ?";
    private static final String ENTER = "insert into entry (transfer_id, side, account, amount) values (?, ?, ?, ?)";
    private static final String FIND =
            "select account, amount, currency, state, reason, branch from transfer_part where transfer_id = ? and side = ?";
    private static final String PUT =
            "insert into transfer_part (transfer_id, side, account, amount, currency, state, reason) values (?, ?, ?, ?, ?, ?, ?)"
                    + " on conflict (transfer_id, side) do nothing";
    private static final String CHANGE = "update transfer_part set state = ? where transfer_id = ? and side = ?";
    private static final String ACCOUNT = "select currency, balance, held from account where account = ?";
    private static final String PREPARED =
            "select exists (select from pg_prepared_xacts where database = current_database() and starts_with(gid, ?))";

    /**
     * Writes the part as done, and moves the money.
     *
     * @throws RefusedException if it cannot be moved; the transaction is to be rolled back
     * @throws SQLException {@code 23505} if there is such a part already
     */
    void move(Connection connection, TransferOrder order, Side side, @Nullable String branch)
            throws SQLException, RefusedException {
        String account = side.of(order).account();
        long amount = order.amount().minor();
        boolean debit = side == Side.DEBIT;
        int moved;
        try (PreparedStatement statement = connection.prepareStatement(MOVE)) {
            int i = 1;
            statement.setString(i++, order.transferId());
            statement.setString(i++, side.name());
            statement.setString(i++, account);
            statement.setLong(i++, amount);
            statement.setString(i++, order.amount().currency());
            statement.setString(i++, branch);
            statement.setLong(i++, side.signed(order));
            statement.setString(i++, account);
            statement.setString(i++, order.amount().currency());
            statement.setLong(i++, debit ? amount : 0);
            statement.setLong(i++, debit ? Long.MAX_VALUE : Long.MAX_VALUE - amount);
            statement.setString(i++, order.transferId());
            statement.setString(i++, side.name());
            statement.setString(i++, account);
            statement.setLong(i, side.signed(order));
            moved = statement.executeUpdate();
        }
        if (moved != 1) {
            throw new RefusedException(whyNot(connection, order, side));
        }
    }

    /** Holds what is to be paid; false if it cannot be held. */
    boolean hold(Connection connection, TransferOrder order) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(HOLD)) {
            statement.setLong(1, order.amount().minor());
            statement.setString(2, order.from().account());
            statement.setString(3, order.amount().currency());
            statement.setLong(4, order.amount().minor());
            return statement.executeUpdate() == 1;
        }
    }

    /** Takes what is held. */
    void take(Connection connection, TransferOrder order) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(TAKE)) {
            statement.setLong(1, order.amount().minor());
            statement.setLong(2, order.amount().minor());
            statement.setString(3, order.from().account());
            statement.executeUpdate();
        }
        try (PreparedStatement statement = connection.prepareStatement(ENTER)) {
            statement.setString(1, order.transferId());
            statement.setString(2, Side.DEBIT.name());
            statement.setString(3, order.from().account());
            statement.setLong(4, Side.DEBIT.signed(order));
            statement.executeUpdate();
        }
    }

    /** Gives back what is held. */
    void release(Connection connection, TransferOrder order) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(RELEASE)) {
            statement.setLong(1, order.amount().minor());
            statement.setString(2, order.from().account());
            statement.executeUpdate();
        }
    }

    /** The part that is there, committed or written in this transaction; waits for nobody unless it is to be locked. */
    @Nullable Part find(Connection connection, TransferOrder order, Side side, boolean locked) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(locked ? FIND + " for update" : FIND)) {
            statement.setString(1, order.transferId());
            statement.setString(2, side.name());
            try (ResultSet row = statement.executeQuery()) {
                return row.next()
                        ? new Part(
                                row.getString(1),
                                row.getLong(2),
                                row.getString(3),
                                Part.State.valueOf(row.getString(4)),
                                row.getString(5),
                                row.getString(6))
                        : null;
            }
        }
    }

    /** Writes a part unless there is one, or will be: then it waits for that one's end. False if there is one. */
    boolean put(Connection connection, TransferOrder order, Side side, Part.State state, @Nullable String reason)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(PUT)) {
            statement.setString(1, order.transferId());
            statement.setString(2, side.name());
            statement.setString(3, side.of(order).account());
            statement.setLong(4, order.amount().minor());
            statement.setString(5, order.amount().currency());
            statement.setString(6, state.name());
            statement.setString(7, reason);
            return statement.executeUpdate() == 1;
        }
    }

    /** Moves a part on. */
    void change(Connection connection, TransferOrder order, Side side, Part.State state) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(CHANGE)) {
            statement.setString(1, state.name());
            statement.setString(2, order.transferId());
            statement.setString(3, side.name());
            statement.executeUpdate();
        }
    }

    /** Why money could not be moved or held. */
    String whyNot(Connection connection, TransferOrder order, Side side) throws SQLException {
        AccountState account = account(connection, side.of(order).account());
        if (account == null) {
            return Reasons.UNKNOWN_ACCOUNT;
        }
        if (!account.currency().equals(order.amount().currency())) {
            return Reasons.CURRENCY;
        }
        return side == Side.DEBIT ? Reasons.INSUFFICIENT_FUNDS : Reasons.OVERFLOW;
    }

    /** An account; null if there is none. */
    @Nullable AccountState account(Connection connection, String account) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(ACCOUNT)) {
            statement.setString(1, account);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? new AccountState(row.getString(1), row.getLong(2), row.getLong(3)) : null;
            }
        }
    }

    /** Whether a branch of this XA transaction is prepared here, and waits for its outcome. */
    boolean isPrepared(Connection connection, String branch) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(PREPARED)) {
            statement.setString(1, branch);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() && row.getBoolean(1);
            }
        }
    }
}
