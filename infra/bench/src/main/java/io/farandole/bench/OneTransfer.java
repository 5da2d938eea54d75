package io.farandole.bench;

import com.zaxxer.hikari.HikariDataSource;
import io.farandole.shop.payment.transfer.bank.BankAnswer;
import io.farandole.shop.payment.transfer.bank.BankTimeouts;
import io.farandole.shop.payment.transfer.bank.Banks;
import io.farandole.shop.payment.transfer.bank.HeldTransfers;
import io.farandole.shop.payment.transfer.bank.TransferOrder;
import io.farandole.shop.payment.transfer.bank.XaSettings;
import io.farandole.shop.payment.transfer.bank.XaTransfers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Function;

/** A way to move money once. Thread-safe; closing it ends its sessions. */
interface OneTransfer extends AutoCloseable {

    /** Connections to each database. */
    int CONNECTIONS = 16;

    /** Moves it; anything but done fails. */
    void move(TransferOrder order) throws SQLException;

    @Override
    void close();

    /** One local transaction in one database: what it takes at least. Both accounts are there. */
    static OneTransfer local(TransferBooks books) {
        HikariDataSource pool = books.single().appPool(CONNECTIONS);
        return new OneTransfer() {
            @Override
            public void move(TransferOrder order) throws SQLException {
                try (Connection connection = pool.getConnection()) {
                    connection.setAutoCommit(false);
                    side(
                            connection,
                            order,
                            "DEBIT",
                            order.from().account(),
                            -order.amount().minor());
                    side(
                            connection,
                            order,
                            "CREDIT",
                            order.to().account(),
                            order.amount().minor());
                    connection.commit();
                }
            }

            @Override
            public void close() {
                pool.close();
            }
        };
    }

    private static void side(Connection connection, TransferOrder order, String side, String account, long signed)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(
                """
                with part as (insert into transfer_part (transfer_id, side, account, amount, currency, state)
                              values (?, ?, ?, ?, 'EUR', 'DONE') returning 1),
                moved as (update account set balance = balance + ? where account = ? and exists (select from part) returning 1)
                insert into entry (transfer_id, side, account, amount) select ?, ?, ?, ? from moved
                """)) {
            int i = 1;
            statement.setString(i++, order.transferId());
            statement.setString(i++, side);
            statement.setString(i++, account);
            statement.setLong(i++, order.amount().minor());
            statement.setLong(i++, signed);
            statement.setString(i++, account);
            statement.setString(i++, order.transferId());
            statement.setString(i++, side);
            statement.setString(i++, account);
            statement.setLong(i, signed);
            statement.executeUpdate();
        }
    }

    /** Both banks in one XA transaction, its decision logged in that directory. */
    static OneTransfer xa(TransferBooks books, Path log) {
        Banks banks = new Banks(books.settings(), BankTimeouts.DEFAULTS, CONNECTIONS);
        XaTransfers transfers = XaTransfers.start(
                banks,
                BankTimeouts.DEFAULTS,
                new XaSettings(log, "bench", XaSettings.RECOVERY_PERIOD, XaSettings.ORPHAN_AFTER));
        return new OneTransfer() {
            @Override
            public void move(TransferOrder order) {
                done(List.of(transfers::transfer), order);
            }

            @Override
            public void close() {
                transfers.close();
                banks.close();
            }
        };
    }

    /** Hold, credit, take: the saga's three local transactions one after the other, without the journal between them. */
    static OneTransfer saga(TransferBooks books) {
        Banks banks = new Banks(books.settings(), BankTimeouts.DEFAULTS, CONNECTIONS);
        HeldTransfers transfers = new HeldTransfers(banks);
        return new OneTransfer() {
            @Override
            public void move(TransferOrder order) {
                done(List.of(transfers::hold, transfers::credit, transfers::take), order);
            }

            @Override
            public void close() {
                banks.close();
            }
        };
    }

    private static void done(List<Function<TransferOrder, BankAnswer>> steps, TransferOrder order) {
        for (Function<TransferOrder, BankAnswer> step : steps) {
            BankAnswer answer = step.apply(order);
            // A row that many wait for may be waited for in vain: as in the context, the same is asked again.
            for (int again = 0; answer.kind() == BankAnswer.Kind.UNKNOWN && again < 10; again++) {
                answer = step.apply(order);
            }
            if (answer.kind() != BankAnswer.Kind.DONE) {
                throw new VoidRunException("transfer " + order.transferId(), List.of(answer.toString()));
            }
        }
    }
}
