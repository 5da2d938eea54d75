package io.farandole.shop.payment.transfer.bank;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farandole.testservers.Patience;
import io.farandole.testservers.PostgresServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The steps of a transfer without XA, each at its own bank: again, too early, too late, and all at once. */
class HeldTransfersIT {

    private static final long OPENING = 10_000;

    private static TwoBanks books;
    private static Banks banks;
    private static HeldTransfers transfers;

    @BeforeAll
    static void starts() {
        books = new TwoBanks(PostgresServer.shared(), PostgresServer.shared());
        banks = books.banks();
        transfers = new HeldTransfers(banks);
    }

    @AfterAll
    static void stops() {
        banks.close();
        books.close();
    }

    @AfterEach
    void balances() {
        assertThat(books.faults()).isEmpty();
    }

    @Test
    void eachStepIsAnsweredAgainAsTheFirstTime() {
        TransferOrder order = order("again");
        for (Function<TransferOrder, BankAnswer> step :
                List.<Function<TransferOrder, BankAnswer>>of(transfers::hold, transfers::credit, transfers::take)) {
            assertThat(step.apply(order)).isEqualTo(BankAnswer.done());
            assertThat(step.apply(order)).isEqualTo(BankAnswer.done());
        }
        assertThat(transfers.hold(order)).isEqualTo(BankAnswer.done());
        assertThat(transfers.release(order).kind()).isEqualTo(BankAnswer.Kind.IN_DOUBT);
        assertThat(books.balance(order.from())).isEqualTo(OPENING - 1_000);
        assertThat(books.balance(order.to())).isEqualTo(1_000);
    }

    @Test
    void whatIsReleasedBeforeItIsHeldIsNeverHeld() {
        TransferOrder order = order("released-first");
        assertThat(transfers.release(order)).isEqualTo(BankAnswer.done());
        assertThat(transfers.hold(order)).isEqualTo(BankAnswer.refused(Reasons.CANCELLED));
        assertThat(transfers.release(order)).isEqualTo(BankAnswer.done());
        assertThat(transfers.take(order).kind()).isEqualTo(BankAnswer.Kind.IN_DOUBT);
    }

    @Test
    void whatIsHeldCannotBeHeldForAnotherAndIsFreeOnceReleased() {
        BankAccount payer = books.open("a", "thin", "EUR", 1_500);
        BankAccount payee = books.open("b", "thin-payee", "EUR", 0);
        TransferOrder first = TwoBanks.order("thin-1", payer, payee, 1_000);
        TransferOrder second = TwoBanks.order("thin-2", payer, payee, 1_000);
        TransferOrder third = TwoBanks.order("thin-3", payer, payee, 1_000);
        assertThat(transfers.hold(first)).isEqualTo(BankAnswer.done());
        assertThat(transfers.hold(second)).isEqualTo(BankAnswer.refused(Reasons.INSUFFICIENT_FUNDS));
        assertThat(transfers.release(first)).isEqualTo(BankAnswer.done());
        assertThat(transfers.hold(second)).isEqualTo(BankAnswer.refused(Reasons.INSUFFICIENT_FUNDS));
        assertThat(transfers.hold(third)).isEqualTo(BankAnswer.done());
        assertThat(transfers.release(third)).isEqualTo(BankAnswer.done());
    }

    @Test
    void stepsThatComeSeveralTimesAtOnceHaveOneEffect() throws Exception {
        ExecutorService callers = Executors.newFixedThreadPool(8);
        try {
            for (long seed = 0; seed < 10; seed++) {
                TransferOrder order = order("at-once-" + seed);
                for (Function<TransferOrder, BankAnswer> step : List.<Function<TransferOrder, BankAnswer>>of(
                        transfers::hold, transfers::credit, transfers::take)) {
                    List<Future<BankAnswer>> answers = new ArrayList<>();
                    for (int i = 0; i < 4; i++) {
                        answers.add(callers.submit(() -> step.apply(order)));
                    }
                    Collections.shuffle(answers, new Random(seed));
                    for (Future<BankAnswer> answer : answers) {
                        // One of those that met at the key may have been rolled back for it: it asks again.
                        assertThat(answer.get(Patience.SECONDS, TimeUnit.SECONDS)
                                        .kind())
                                .isIn(BankAnswer.Kind.DONE, BankAnswer.Kind.UNKNOWN);
                    }
                    assertThat(step.apply(order)).isEqualTo(BankAnswer.done());
                }
                assertThat(books.balance(order.from())).isEqualTo(OPENING - 1_000);
                assertThat(books.balance(order.to())).isEqualTo(1_000);
            }
        } finally {
            callers.shutdownNow();
        }
    }

    @Test
    void theContextsRoleNeitherOpensAccountsNorChangesWhatWasEntered() throws SQLException {
        try (Connection connection = books.database("a").connectAsApp();
                Statement statement = connection.createStatement()) {
            for (String forbidden : List.of(
                    "insert into account (account, currency, opening, balance) values ('mine', 'EUR', 5, 5)",
                    "update account set opening = 5",
                    "delete from account",
                    "update entry set amount = 5",
                    "delete from entry",
                    "update transfer_part set amount = 5",
                    "delete from transfer_part")) {
                assertThatThrownBy(() -> statement.execute(forbidden)).hasMessageContaining("permission denied");
            }
        }
    }

    private static TransferOrder order(String id) {
        return TwoBanks.order(
                id, books.open("a", id + "-payer", "EUR", OPENING), books.open("b", id + "-payee", "EUR", 0), 1_000);
    }
}
