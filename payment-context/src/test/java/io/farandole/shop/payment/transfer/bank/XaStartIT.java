package io.farandole.shop.payment.transfer.bank;

import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.testservers.PostgresServer;
import io.farandole.testservers.PrivatePostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What keeps an instance with XA from starting, and that it says what to do. */
class XaStartIT {

    @TempDir
    private Path directory;

    @SuppressWarnings("NullAway.Init") // JUnit sets the directory before each test
    XaStartIT() {}

    @Test
    void aBankThatCannotPrepareTransactions() throws Exception {
        try (PrivatePostgres server = PrivatePostgres.start();
                TwoBanks banks = new TwoBanks(PostgresServer.shared(), server.server())) {
            TransferOrder order = order(banks);
            try (Connection connection = banks.database("b").connectAsAdmin();
                    Statement statement = connection.createStatement()) {
                statement.execute("alter system set max_prepared_transactions = 0");
            }
            server.kill();
            server.restart();
            XaProgram.End end = start(banks, "prepares", order);
            assertThat(end.status()).isNotZero();
            assertThat(end.output())
                    .contains("Bank b cannot prepare transactions")
                    .contains("max_prepared_transactions=0")
                    .contains("leave shop.transfer.object-store unset");
            assertThat(banks.faults()).isEmpty();
            assertThat(banks.balance(order.from())).isEqualTo(1_000);
        }
    }

    @Test
    void aNodeWhoseNameIsTaken() throws Exception {
        try (TwoBanks banks = new TwoBanks(PostgresServer.shared(), PostgresServer.shared())) {
            TransferOrder order = order(banks);
            try (Connection other = banks.database("a").connectAsApp()) {
                assertThat(NodeLock.take(other, "taken")).isTrue();
                XaProgram.End end = start(banks, "taken", order);
                assertThat(end.status()).isNotZero();
                assertThat(end.output()).contains("shop.transfer.node").contains("taken");
            }
            assertThat(banks.faults()).isEmpty();
            assertThat(start(banks, "taken", order).output())
                    .as("once it is free")
                    .contains("END DONE");
        }
    }

    private XaProgram.End start(TwoBanks banks, String node, TransferOrder order) throws Exception {
        return XaProgram.end(XaProgram.begin(banks, directory.resolve(node), node, order, 0));
    }

    private static TransferOrder order(TwoBanks banks) {
        return TwoBanks.order(
                "start", banks.open("a", "payer", "EUR", 1_000), banks.open("b", "payee", "EUR", 0), 1_000);
    }
}
