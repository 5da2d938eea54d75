package io.farandole.shop.payment.transfer.bank;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farandole.shop.kernel.Money;
import io.farandole.shop.payment.transfer.bank.BankAnswer.Kind;
import io.farandole.shop.payment.transfer.bank.XaMoments.Moment;
import io.farandole.testservers.Patience;
import io.farandole.testservers.PostgresServer;
import io.farandole.testservers.PrivatePostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens to transfers with XA when banks die, hang, refuse, or are meddled with; bank b has a server of its own. */
class XaFaultsIT {

    private static final long OPENING = 10_000;

    private static PrivatePostgres serverOfB;
    private static TwoBanks books;
    private static Banks banks;
    private static XaTransfers transfers;

    /** What happens at a moment; nothing unless a test says so. */
    private static volatile XaMoments happening = XaMoments.UNNOTICED;

    @BeforeAll
    static void starts() {
        serverOfB = PrivatePostgres.start();
        books = new TwoBanks(PostgresServer.shared(), serverOfB.server());
        banks = books.banks();
        transfers = new XaTransfers(
                banks, TwoBanks.TIMEOUTS, TwoBanks.xa(), (moment, bank) -> happening.reached(moment, bank));
    }

    @AfterAll
    static void stops() {
        transfers.close();
        banks.close();
        books.close();
        serverOfB.close();
    }

    @AfterEach
    void balances() {
        happening = XaMoments.UNNOTICED;
        assertThat(books.faults()).isEmpty();
    }

    @Test
    void aTransferIsDoneOnceHoweverOftenItIsAskedFor() {
        TransferOrder order = order("again");
        for (int i = 0; i < 3; i++) {
            assertThat(transfers.transfer(order)).isEqualTo(BankAnswer.done());
        }
        assertMovedOnce(order);
        assertThat(transfers.cancel(order)).isEqualTo(BankAnswer.done());
        TransferOrder other = new TransferOrder(order.transferId(), order.from(), order.to(), new Money(7, "EUR"));
        assertThat(transfers.transfer(other).kind()).isEqualTo(Kind.IN_DOUBT);
        assertMovedOnce(order);
    }

    @Test
    void aBankThatDiesBetweenPrepareAndCommitKeepsItsPartAndRecoveryCommitsIt() {
        TransferOrder order = order("dies-prepared");
        once(Moment.COMMITTING, "b", serverOfB::kill);
        assertThat(transfers.transfer(order).kind()).isEqualTo(Kind.UNKNOWN);
        assertThat(books.balance(order.from())).isEqualTo(OPENING - 1_000);
        assertThat(transfers.transfer(order).kind()).isEqualTo(Kind.UNKNOWN);
        serverOfB.restart();
        awaitDone(order);
        assertMovedOnce(order);
    }

    @Test
    void aBankThatDiesBeforeItHasPreparedHasBothRolledBack() {
        TransferOrder order = order("dies-before");
        once(Moment.PREPARING, "b", serverOfB::kill);
        assertThat(transfers.transfer(order).kind()).isEqualTo(Kind.UNKNOWN);
        assertThat(books.balance(order.from())).isEqualTo(OPENING);
        assertThat(transfers.transfer(order).kind()).isEqualTo(Kind.UNKNOWN);
        serverOfB.restart();
        awaitDone(order);
        assertMovedOnce(order);
    }

    @Test
    void aSessionThatIsEndedWhileItCommitsIsNoHeuristicOutcome() {
        TransferOrder order = order("session-ended");
        once(Moment.COMMITTING, "a", () -> books.database("a").terminateSessions());
        assertThat(transfers.transfer(order).kind()).isEqualTo(Kind.UNKNOWN);
        awaitDone(order);
        assertMovedOnce(order);
    }

    @Test
    void aBankThatHangsBeforeTheVoteAbortsWithinTheTimeOut() {
        TransferOrder order = order("hangs");
        once(Moment.PREPARING, "b", serverOfB::pause);
        long start = System.nanoTime();
        assertThat(transfers.transfer(order).kind()).isEqualTo(Kind.UNKNOWN);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(15));
        assertThat(books.balance(order.from())).isEqualTo(OPENING);
        serverOfB.resume();
        awaitDone(order);
        assertMovedOnce(order);
    }

    @Test
    void aParticipantThatTakesLongerThanTheTransactionMayHasBothRolledBack() {
        TransferOrder order = order("slow");
        Duration tooLong = TwoBanks.TIMEOUTS.transaction().plusSeconds(1);
        once(Moment.WORKED, "b", () -> Patience.await()
                .pollDelay(tooLong)
                .atMost(tooLong.multipliedBy(2))
                .until(() -> true));
        assertThat(transfers.transfer(order).kind()).isEqualTo(Kind.UNKNOWN);
        assertThat(books.prepared()).isZero();
        assertThat(books.balance(order.from())).isEqualTo(OPENING);
        awaitDone(order);
        assertMovedOnce(order);
    }

    @Test
    void aRowThatIsLockedForTooLongAbortsAndNothingIsPrepared() throws SQLException {
        TransferOrder order = order("locked");
        try (Connection other = books.database("b").connectAsAdmin();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute(
                    "select from app.account where account = '" + order.to().account() + "' for update");
            assertThat(transfers.transfer(order).kind()).isEqualTo(Kind.UNKNOWN);
            assertThat(books.prepared()).isZero();
            other.rollback();
        }
        assertThat(transfers.transfer(order)).isEqualTo(BankAnswer.done());
        assertMovedOnce(order);
    }

    @Test
    void whatIsRefusedStaysRefusedAndMovesNothing() {
        BankAccount payer = books.open("a", "poor", "EUR", 10);
        BankAccount payee = books.open("b", "payee-of-poor", "EUR", 0);
        BankAccount dollars = books.open("b", "dollars", "USD", 0);
        BankAccount full = books.open("b", "full", "EUR", Long.MAX_VALUE);
        BankAccount nobody = new BankAccount("b", "nobody");
        assertRefused(TwoBanks.order("r-1", payer, payee, 11), Reasons.INSUFFICIENT_FUNDS);
        assertRefused(TwoBanks.order("r-2", payer, nobody, 5), Reasons.UNKNOWN_ACCOUNT);
        assertRefused(TwoBanks.order("r-3", nobody, payer, 5), Reasons.UNKNOWN_ACCOUNT);
        assertRefused(TwoBanks.order("r-4", payer, dollars, 5), Reasons.CURRENCY);
        assertRefused(TwoBanks.order("r-5", payer, full, 5), Reasons.OVERFLOW);
        assertThat(transfers.transfer(TwoBanks.order("fill", order("filler").from(), payer, 500)))
                .isEqualTo(BankAnswer.done());
        assertRefused(TwoBanks.order("r-1", payer, payee, 11), Reasons.INSUFFICIENT_FUNDS);
        assertThat(books.balance(payer)).isEqualTo(510);
    }

    @Test
    void whatIsGivenUpIsRefusedToWhoeverComesLate() {
        TransferOrder order = order("given-up");
        assertThat(transfers.cancel(order)).isEqualTo(BankAnswer.refused(Reasons.CANCELLED));
        assertThat(transfers.transfer(order)).isEqualTo(BankAnswer.refused(Reasons.CANCELLED));
        assertThat(books.balance(order.from())).isEqualTo(OPENING);
    }

    @Test
    void aPreparedPartThatSomebodyRollsBackIsSeenAndLeftToAPerson() throws SQLException {
        TransferOrder order = order("meddled");
        once(Moment.COMMITTING, "b", () -> rollBackPrepared("b"));
        Patience.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> transfers.transfer(order).kind() == Kind.IN_DOUBT);
        assertThat(transfers.transfer(order).reason())
                .contains("Bank a has done its part")
                .contains("by hand");
        assertThat(books.balance(order.to())).isZero();
        // By hand, as the sentence says.
        try (Connection connection = books.database("b").connectAsAdmin();
                Statement statement = connection.createStatement()) {
            String to = order.to().account();
            statement.execute(
                    "insert into app.transfer_part (transfer_id, side, account, amount, currency, state) values ('"
                            + order.transferId() + "', 'CREDIT', '" + to + "', 1000, 'EUR', 'DONE')");
            statement.execute("update app.account set balance = balance + 1000 where account = '" + to + "'");
            statement.execute("insert into app.entry (transfer_id, side, account, amount) values ('"
                    + order.transferId() + "', 'CREDIT', '" + to + "', 1000)");
        }
        assertThat(transfers.transfer(order)).isEqualTo(BankAnswer.done());
        assertMovedOnce(order);
    }

    @Test
    void transfersBothWaysBetweenTheSameAccountsDoNotWaitForEachOther() throws Exception {
        BankAccount one = books.open("a", "there-and", "EUR", OPENING);
        BankAccount two = books.open("b", "back-again", "EUR", OPENING);
        ExecutorService callers = Executors.newFixedThreadPool(6);
        try {
            List<Callable<BankAnswer>> asked = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                TransferOrder order = TwoBanks.order("both-" + i, i % 2 == 0 ? one : two, i % 2 == 0 ? two : one, 10);
                asked.add(() -> Patience.await()
                        .atMost(Duration.ofSeconds(40))
                        .until(() -> transfers.transfer(order), answer -> answer.kind() != Kind.UNKNOWN));
            }
            for (Future<BankAnswer> answer : callers.invokeAll(asked, 50, TimeUnit.SECONDS)) {
                assertThat(answer.get()).isEqualTo(BankAnswer.done());
            }
        } finally {
            callers.shutdownNow();
        }
        assertThat(books.balance(one)).isEqualTo(OPENING);
        assertThat(books.balance(two)).isEqualTo(OPENING);
    }

    @Test
    void branchesOfAnotherNodeAreLeftToIt(@TempDir Path directory) throws Exception {
        TransferOrder order = order("elsewhere");
        Path store = directory.resolve("elsewhere");
        // Dies when both have prepared, and nothing is decided.
        XaProgram.end(XaProgram.begin(books, store, "elsewhere", order, 6));
        assertThat(books.prepared()).isEqualTo(2);
        // Long enough for this node's recovery to have looked several times, and for an orphan of its own to be rolled
        // back.
        long scans = TwoBanks.xa().orphanAfter().toMillis() * 8;
        Patience.await()
                .pollDelay(Duration.ofMillis(scans))
                .atMost(Duration.ofMillis(scans * 2))
                .until(() -> books.prepared() == 2);
        assertThat(XaProgram.end(XaProgram.begin(books, store, "elsewhere", order, 0))
                        .output())
                .contains("END DONE");
        assertMovedOnce(order);
    }

    @Test
    void aLogIsOneInstancesAndOneNodes(@TempDir Path directory) {
        Path store = directory.resolve("log");
        try (ObjectStore taken = ObjectStore.take(store, "one")) {
            assertThat(taken).isNotNull();
            assertThatThrownBy(() -> ObjectStore.take(store, "one").close())
                    .hasMessageContaining("in use by another instance");
        }
        assertThatThrownBy(() -> ObjectStore.take(store, "two").close())
                .hasMessageContaining("shop.transfer.node is 'two'");
        assertThatThrownBy(
                        () -> ObjectStore.take(Path.of("/proc/nowhere"), "one").close())
                .hasMessageContaining("shop.transfer.object-store=/proc/nowhere cannot be written");
        ObjectStore.take(store, "one").close();
    }

    @Test
    void aSecondInstanceOfTheSameNodeIsNotLetIn() throws SQLException {
        try (Connection session = books.database("a").connectAsApp()) {
            assertThat(NodeLock.take(session, TwoBanks.xa().node())).isFalse();
        }
    }

    private void assertRefused(TransferOrder order, String reason) {
        assertThat(transfers.transfer(order)).isEqualTo(BankAnswer.refused(reason));
    }

    private static void awaitDone(TransferOrder order) {
        Patience.await()
                .atMost(Duration.ofSeconds(40))
                .until(() -> transfers.transfer(order).kind() == Kind.DONE);
        Patience.await().atMost(Duration.ofSeconds(20)).until(() -> books.prepared() == 0);
    }

    private static void assertMovedOnce(TransferOrder order) {
        assertThat(books.balance(order.from())).isEqualTo(OPENING - 1_000);
        assertThat(books.balance(order.to())).isEqualTo(1_000);
    }

    private TransferOrder order(String id) {
        return TwoBanks.order(
                id, books.open("a", id + "-payer", "EUR", OPENING), books.open("b", id + "-payee", "EUR", 0), 1_000);
    }

    private static void once(Moment at, String bank, Runnable what) {
        AtomicBoolean happened = new AtomicBoolean();
        happening = (moment, where) -> {
            if (moment == at && where.equals(bank) && happened.compareAndSet(false, true)) {
                what.run();
            }
        };
    }

    private static void rollBackPrepared(String bank) {
        try (Connection connection = books.database(bank).connectAsAdmin();
                Statement statement = connection.createStatement()) {
            List<String> prepared = new ArrayList<>();
            try (var rows =
                    statement.executeQuery("select gid from pg_prepared_xacts where database = current_database()")) {
                while (rows.next()) {
                    prepared.add(rows.getString(1));
                }
            }
            for (String gid : prepared) {
                statement.execute("rollback prepared '" + gid + "'");
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
