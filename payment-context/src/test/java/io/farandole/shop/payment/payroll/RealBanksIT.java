package io.farandole.shop.payment.payroll;

import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.banks.BanksSettings;
import io.farandole.banks.StandInBanks;
import io.farandole.shop.payment.PaymentApplication;
import io.farandole.testkit.Dance;
import io.farandole.testkit.Dancer;
import io.farandole.testkit.RunningContext;
import io.farandole.testservers.PostgresServer;
import io.farandole.testservers.TestDatabase;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The whole story: payrolls at banks with databases of their own, over HTTP and gRPC, through the participant library. */
class RealBanksIT {

    private static TestDatabase database;
    private static StandInBanks banks;
    private static Dance dance;
    private static RunningContext context;

    @BeforeAll
    static void starts() throws Exception {
        database = PostgresServer.shared().createDatabase("banks");
        banks = StandInBanks.start(BanksSettings.of(
                        database.url(),
                        database.appUser(),
                        database.appPassword(),
                        database.migratorUser(),
                        database.migratorPassword())
                .withSlowness(Duration.ofSeconds(1))
                .withGrpc(0, "south"));
        dance = Dance.of(Dancer.of("payment", PaymentApplication.class)
                .with("farandole.rabbitmq.enabled", "false")
                .with("shop.payment.provider.url", "http://127.0.0.1:1")
                .with("shop.payroll.banks.north.url", banks.uri("north").toString())
                .with("shop.payroll.banks.north.timeout", "500ms")
                .with("shop.payroll.banks.south.url", "grpc://127.0.0.1:" + banks.grpcPort())
                .with("shop.payroll.banks.south.timeout", "500ms")
                .with("shop.payroll.payment-time-limit", "6s")
                .with("shop.payroll.settlement-time-limit", "6s"));
        context = dance.context("payment");
        for (String bank : List.of("north", "south")) {
            for (String account : List.of(
                    "DE-1",
                    "DE-2",
                    "slow-1",
                    "flaky-1",
                    "die-1",
                    "garble-1",
                    "slow-2",
                    "flaky-2",
                    "die-2",
                    "garble-2",
                    "down-1",
                    "refuse-1",
                    "spend-1",
                    "nonsense-1")) {
                open(bank, account);
            }
        }
    }

    @AfterAll
    static void stops() {
        dance.close();
        banks.close();
        database.close();
    }

    @AfterEach
    void theBooksBalance() {
        assertThat(Books.wrongIn(context.journal(), null)).isEmpty();
        for (String bank : List.of("north", "south")) {
            assertThat(banks.ledger(bank)).containsEntry("balanced", true).containsEntry("held", 0L);
        }
    }

    @Test
    void everybodyIsPaidOnceThoughBanksAreSlowFlakyAndDie() throws Exception {
        Company company = new Company(context, "1000.00");
        Company.Payroll payroll = company.payroll()
                .to("north", "DE-1", "slow-1", "flaky-1", "die-1", "garble-1")
                .to("south", "DE-2", "slow-1", "flaky-1", "die-1")
                .start();
        payroll.awaits("PAID");
        assertThat(company.balance()).isEqualTo("910.00");
        for (String account : List.of("slow-1", "flaky-1", "die-1", "garble-1")) {
            assertThat(balance("north", account)).contains("\"balance\":1000");
        }
    }

    @Test
    void whatWasPaidOverEitherProtocolIsTakenBack() throws Exception {
        Company company = new Company(context, "100.00");
        String before = balance("south", "DE-1");
        Company.Payroll payroll = company.payroll()
                .to("south", "DE-1")
                .to("north", "DE-2", "refuse-1")
                .start();
        payroll.awaits("REVERSED");
        assertThat(company.balance()).isEqualTo("100.00");
        assertThat(balance("south", "DE-1").replaceFirst(",\"entries.*", ""))
                .isEqualTo(before.replaceFirst(",\"entries.*", ""));
    }

    @Test
    void aRefusalOverGrpcTakesBackTooAndWhatIsSpentIsTheShortfall() {
        Company company = new Company(context, "100.00");
        Company.Payroll payroll = company.payroll()
                .to("north", "spend-1")
                .to("south", "spend-1", "refuse-1")
                .start();
        payroll.awaits("SHORT");
        payroll.awaitsState("STUCK", 2);
        assertThat(payroll.now().path("shortfall").asString()).isEqualTo("20.00");
        assertThat(company.balance()).isEqualTo("80.00");
        company.get("/payrolls/" + payroll.id + "/payments?state=STUCK")
                .path("payments")
                .forEach(it -> assertThat(it.path("lacking").asString()).isEqualTo("5.00"));
    }

    @Test
    void whatIsHeldOverEitherProtocolIsPaidOnceAllIsHeldThoughBanksAreSlowFlakyAndDie() throws Exception {
        Company company = new Company(context, "100.00");
        long before = paid("north") + paid("south");
        Company.Payroll payroll = company.payroll()
                .to("north", "DE-1", "slow-2", "flaky-2", "die-2", "garble-2")
                .to("south", "DE-2", "slow-2", "flaky-2", "die-2", "garble-2")
                .with("onFailure", "HOLD")
                .start();
        payroll.awaits("PAID");
        assertThat(company.balance()).isEqualTo("0.00");
        assertThat(paid("north") + paid("south") - before).isEqualTo(10_000);
    }

    @Test
    void whatIsHeldIsLetGoIfOneCannotBeHeldAndNobodyCouldSpendIt() throws Exception {
        Company company = new Company(context, "100.00");
        long before = paid("north") + paid("south");
        Company.Payroll payroll = company.payroll()
                .to("north", "spend-1", "flaky-1", "die-1")
                .to("south", "spend-1", "die-1", "refuse-1")
                .with("onFailure", "HOLD")
                .start();
        payroll.awaits("REVERSED");
        assertThat(payroll.now().path("shortfall").asString()).isEqualTo("0.00");
        assertThat(company.balance()).isEqualTo("100.00");
        assertThat(paid("north") + paid("south")).isEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource(PayrollPolicy.class)
    void nonsenseWithAnAnswerOfSuccessIsNoPaymentOverEitherProtocol(PayrollPolicy policy) throws Exception {
        Company company = new Company(context, "100.00");
        long before = paid("north") + paid("south");
        Company.Payroll payroll = company.payroll()
                .to("north", "DE-1", "nonsense-1")
                .to("south", "DE-2", "nonsense-1")
                .with("onFailure", policy.name())
                .with("expiresAfter", policy == PayrollPolicy.GO_ON ? "PT4S" : "PT1H")
                .start();
        boolean goesOn = policy == PayrollPolicy.GO_ON;
        payroll.awaits(goesOn ? "PARTLY_PAID" : "REVERSED");
        assertThat(company.balance()).isEqualTo(goesOn ? "80.00" : "100.00");
        for (String bank : List.of("north", "south")) {
            assertThat(balance(bank, "nonsense-1")).contains("\"balance\":0,\"held\":0");
        }
        if (policy == PayrollPolicy.HOLD) {
            assertThat(paid("north") + paid("south")).as("never paid").isEqualTo(before);
        }
    }

    private static long paid(String bank) {
        return ((Number) Objects.requireNonNull(banks.ledger(bank).get("paid"), "paid")).longValue();
    }

    private static void open(String bank, String account) throws IOException, InterruptedException {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(banks.uri(bank) + "/accounts"))
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(
                                        "{\"account\":\"" + account + "\",\"currency\":\"EUR\",\"balance\":0}"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 201);
    }

    private static String balance(String bank, String account) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(banks.uri(bank) + "/accounts/" + account))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }
}
