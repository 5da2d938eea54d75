package io.farandole.shop.payment.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.axon.Decision;
import io.farandole.axon.Intervention;
import io.farandole.axon.ParkedProcess;
import io.farandole.axon.ParkedProcesses;
import io.farandole.shop.payment.PaymentApplication;
import io.farandole.shop.payment.transfer.bank.BankAccount;
import io.farandole.shop.payment.transfer.bank.TwoBanks;
import io.farandole.shop.payment.transfer.bank.XaSettings;
import io.farandole.testkit.Dance;
import io.farandole.testkit.Dancer;
import io.farandole.testkit.RunningContext;
import io.farandole.testservers.Patience;
import io.farandole.testservers.PostgresServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** Transfers in a running payment context, between two banks, in both modes. */
class TransferIT {

    private static final long OPENING = 100_000;

    private static TwoBanks banks;
    private static Dance dance;
    private static RunningContext context;

    @BeforeAll
    static void starts() {
        banks = new TwoBanks(PostgresServer.shared(), PostgresServer.shared());
        XaSettings xa = TwoBanks.xa();
        Dancer dancer = Dancer.of("payment", PaymentApplication.class)
                .with("farandole.rabbitmq.enabled", "false")
                .with("shop.payment.provider.url", "http://127.0.0.1:1")
                .with("shop.transfer.object-store", xa.objectStore().toString())
                .with("shop.transfer.node", xa.node())
                .with("shop.transfer.recovery-period", "200ms")
                .with("shop.transfer.lock-timeout", "300ms")
                .with("shop.transfer.time-limit", "4s");
        for (var bank : banks.settings().entrySet()) {
            String prefix = "shop.transfer.banks." + bank.getKey();
            dancer = dancer.with(prefix + ".url", bank.getValue().url())
                    .with(prefix + ".username", bank.getValue().username())
                    .with(prefix + ".password", bank.getValue().password());
        }
        dance = Dance.of(dancer);
        context = dance.context("payment");
    }

    @AfterAll
    static void stops() {
        dance.close();
        banks.close();
    }

    @AfterEach
    void balances() {
        assertThat(banks.faults()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(TransferMode.class)
    void moneyGoesBothWaysAndWhoAsksAgainHasTheSameTransfer(TransferMode mode) throws Exception {
        BankAccount one = banks.open("a", "one-" + mode, "EUR", OPENING);
        BankAccount two = banks.open("b", "two-" + mode, "EUR", OPENING);
        assertThat(post(body("there-" + mode, one, two, "10.00", "EUR", mode)).statusCode())
                .isEqualTo(202);
        assertThat(get("/transfers/there-" + mode).body()).contains("\"mode\":\"" + mode + "\"");
        assertThat(post(body("there-" + mode, one, two, "10.00", "EUR", mode)).statusCode())
                .isEqualTo(202);
        HttpResponse<String> other = post(body("there-" + mode, one, two, "11.00", "EUR", mode));
        assertThat(other.statusCode()).isEqualTo(409);
        assertThat(other.body()).contains("Another transfer has the id");
        awaitStatus("there-" + mode, "COMPLETED");
        post(body("back-" + mode, two, one, "3.50", "EUR", mode));
        awaitStatus("back-" + mode, "COMPLETED");
        assertThat(banks.balance(one)).isEqualTo(OPENING - 1_000 + 350);
        assertThat(banks.balance(two)).isEqualTo(OPENING + 1_000 - 350);
        assertThat(get("/transfers/accounts/a/" + one.account()).body())
                .contains("\"balance\":\"993.50\"")
                .contains("\"held\":\"0.00\"");
    }

    /** What an error about a missing row tells an operator to do. */
    @ParameterizedTest
    @EnumSource(TransferMode.class)
    void whatIsShownCanBeMadeAgainFromTheJournal(TransferMode mode) throws Exception {
        BankAccount payer = banks.open("a", "shown-" + mode, "EUR", 500);
        BankAccount payee = banks.open("b", "shown-" + mode, "EUR", 0);
        post(body("shown-" + mode, payer, payee, "5.00", "EUR", mode));
        post(body("not-shown-" + mode, payer, payee, "600.00", "EUR", mode));
        String done = awaitStatus("shown-" + mode, "COMPLETED");
        String refused = awaitStatus("not-shown-" + mode, "REFUSED");
        assertThat(context.compare("transfer-view").isNone()).isTrue();

        JdbcTemplate jdbc = new JdbcTemplate(context.database().appDataSource());
        jdbc.update("delete from app.transfer_view where transfer_id = ?", "shown-" + mode);
        jdbc.update("update app.transfer_view set status = 'PENDING' where transfer_id = ?", "not-shown-" + mode);
        assertThat(context.rebuild("transfer-view").count()).isEqualTo(2);
        assertThat(get("/transfers/shown-" + mode).body()).isEqualTo(done);
        assertThat(get("/transfers/not-shown-" + mode).body()).isEqualTo(refused);
    }

    @ParameterizedTest
    @EnumSource(TransferMode.class)
    void whatABankRefusesIsRefusedWithItsReasonAndMovesNothing(TransferMode mode) throws Exception {
        BankAccount payer = banks.open("a", "payer-" + mode, "EUR", 500);
        BankAccount payee = banks.open("b", "payee-" + mode, "EUR", 0);
        BankAccount dollars = banks.open("b", "dollars-" + mode, "USD", 0);
        BankAccount full = banks.open("b", "full-" + mode, "EUR", Long.MAX_VALUE);
        BankAccount nobody = new BankAccount("b", "nobody");
        post(body("poor-" + mode, payer, payee, "5.01", "EUR", mode));
        post(body("to-nobody-" + mode, payer, nobody, "1.00", "EUR", mode));
        post(body("mixed-" + mode, payer, dollars, "1.00", "EUR", mode));
        post(body("too-much-" + mode, payer, full, "1.00", "EUR", mode));
        post(body("from-nobody-" + mode, nobody, payer, "1.00", "EUR", mode));
        assertThat(awaitStatus("too-much-" + mode, "REFUSED")).contains("\"reason\":\"overflow\"");
        assertThat(awaitStatus("from-nobody-" + mode, "REFUSED")).contains("\"reason\":\"unknown-account\"");
        assertThat(awaitStatus("poor-" + mode, "REFUSED")).contains("\"reason\":\"insufficient-funds\"");
        assertThat(awaitStatus("to-nobody-" + mode, "REFUSED")).contains("\"reason\":\"unknown-account\"");
        assertThat(awaitStatus("mixed-" + mode, "REFUSED")).contains("\"reason\":\"currency\"");
        assertThat(banks.balance(payer)).isEqualTo(500);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    a|x|a|x|1.00|EUR|is the account that it comes from
                    a|x|b|y|0|EUR|must be positive
                    a|x|b|y|-1.00|EUR|must be positive
                    a|x|b|y|1.001|EUR|must be an amount with the decimals of a known currency
                    a|x|b|y|1e30|EUR|must be an amount
                    a|x|b|y|99999999999999|EUR|must be positive, and at most
                    a|x|b|y|1.00|XXQ|must be an amount with the decimals of a known currency
                    a|x|c|y|1.00|EUR|there is no bank 'c' here
                    """)
    void badInputIsRefusedAtTheDoor(
            String fromBank, String from, String toBank, String to, String amount, String currency, String sentence)
            throws Exception {
        for (TransferMode mode : TransferMode.values()) {
            HttpResponse<String> answer = post(
                    body("bad", new BankAccount(fromBank, from), new BankAccount(toBank, to), amount, currency, mode));
            assertThat(answer.statusCode()).isEqualTo(400);
            assertThat(answer.body()).contains(sentence);
        }
        assertThat(get("/transfers/bad").statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @EnumSource(TransferMode.class)
    void aBankThatContradictsParksTheTransferUntilAPersonHasPutItRight(TransferMode mode) throws Exception {
        String id = "doubt-" + mode;
        BankAccount payer = banks.open("a", "payer-" + id, "EUR", OPENING);
        BankAccount payee = banks.open("b", "payee-" + id, "EUR", 0);
        JdbcTemplate bank = new JdbcTemplate(banks.database("a").adminDataSource());
        bank.update(
                "insert into app.transfer_part (transfer_id, side, account, amount, currency, state)"
                        + " values (?, 'DEBIT', 'another', 5, 'EUR', 'REFUSED')",
                id);
        post(body(id, payer, payee, "10.00", "EUR", mode));
        assertThat(awaitStatus(id, "PARKED")).contains("Bank a knows another transfer as " + id);
        JdbcTemplate own = new JdbcTemplate(context.database().adminDataSource());
        Patience.await().untilAsserted(() -> assertThat(own.queryForObject(
                        "select status from farandole.parked_process where process_key = ?", String.class, id))
                .isEqualTo("PARKED"));

        bank.update("delete from app.transfer_part where transfer_id = ?", id);
        decide(mode, id);
        awaitStatus(id, "COMPLETED");
        assertThat(banks.balance(payee)).isEqualTo(1_000);
    }

    @ParameterizedTest
    @EnumSource(TransferMode.class)
    void aTransferWhosePayerIsLockedForTooLongIsGivenUpAndStaysSo(TransferMode mode) throws Exception {
        String id = "late-" + mode;
        BankAccount payer = banks.open("a", "payer-" + id, "EUR", OPENING);
        BankAccount payee = banks.open("b", "payee-" + id, "EUR", 0);
        try (var other = banks.database("a").connectAsAdmin();
                var statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("select from app.account where account = '" + payer.account() + "' for update");
            post(body(id, payer, payee, "10.00", "EUR", mode));
            assertThat(awaitStatus(id, "REFUSED")).contains("bank-unavailable");
            other.rollback();
        }
        assertThat(banks.balance(payer)).isEqualTo(OPENING);
        assertThat(banks.balance(payee)).isZero();
    }

    private static void decide(TransferMode mode, String id) {
        String processor = mode == TransferMode.XA ? "transfer-xa" : "transfer-held";
        ParkedProcesses parked = context.bean(ParkedProcesses.class);
        ParkedProcess process = parked.find(processor, id).orElseThrow();
        assertThat(parked.intervene(new Intervention(
                                processor,
                                id,
                                process.failedEventId(),
                                Decision.COMPENSATE,
                                "ada",
                                "put right at the bank"))
                        .stands())
                .isTrue();
    }

    private static String awaitStatus(String id, String status) {
        return Patience.await()
                .until(() -> get("/transfers/" + id).body(), body -> body.contains("\"status\":\"" + status + "\""));
    }

    private static String body(
            String id, BankAccount from, BankAccount to, String amount, String currency, TransferMode mode) {
        return "{\"transferId\":\"" + id + "\",\"from\":" + json(from) + ",\"to\":" + json(to) + ",\"amount\":" + amount
                + ",\"currency\":\"" + currency + "\",\"mode\":\"" + mode + "\"}";
    }

    private static String json(BankAccount account) {
        return "{\"bank\":\"" + account.bank() + "\",\"account\":\"" + account.account() + "\"}";
    }

    private static HttpResponse<String> post(String body) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(uri("/transfers"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)));
    }

    private static HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(uri(path)));
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static URI uri(String path) {
        return URI.create("http://127.0.0.1:" + context.port() + path);
    }
}
