package io.farandole.shop.payment.payroll;

import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.shop.payment.PaymentApplication;
import io.farandole.testkit.Dance;
import io.farandole.testkit.Dancer;
import io.farandole.testkit.RunningContext;
import io.farandole.testservers.Patience;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is refused before any money moves, and what comes twice. */
class PayrollInputIT {

    private static final String ENTRY =
            "{'branch':'b1','employee':'e1','bank':'first','account':'DE-1','amount':'10.00'}";
    private static final String SIGNED_IN =
            "Basic " + Base64.getEncoder().encodeToString("ada:secret of ada".getBytes(StandardCharsets.UTF_8));

    private static StandInBanks banks;
    private static Dance dance;
    private static RunningContext context;
    private static Company company;

    @BeforeAll
    static void starts() {
        banks = new StandInBanks();
        dance = Dance.of(Dancer.of("payment", PaymentApplication.class)
                .with("farandole.rabbitmq.enabled", "false")
                .with("spring.profiles.active", "dev")
                .with("farandole.operations.operators.ada", "{noop}secret of ada")
                .with("shop.payment.provider.url", "http://127.0.0.1:1")
                .with("shop.payroll.longest-run", "10d")
                .with("shop.payroll.banks.first.url", banks.url("first")));
        context = dance.context("payment");
        company = new Company(context, "100.00");
    }

    @AfterAll
    static void stops() {
        dance.close();
        banks.close();
    }

    @AfterEach
    void theBooksBalance() {
        assertThat(Books.wrongIn(context.journal(), banks)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "400 | 'payments':[]                                            | payments is empty",
                "400 | 'x':1                                                    | payments is empty",
                "400 | 'payments':[null]                                        | payments[0] is missing",
                "400 | 'payments':[ENTRY,{'branch':'b2','employee':'e1','bank':'first','account':'DE-2','amount':1}] | payments[1].employee is paid twice",
                "400 | 'payments':[ENTRY,{'branch':'b1','employee':'e2','bank':'first','account':'DE-2','amount':1}] | payments[1].branch is there twice",
                "422 | 'payments':[{'employee':'e1','bank':'first','account':'DE-1','amount':'100.01'}] | less than the sum",
                "400 | 'payments':[{'employee':'e1','bank':'first','account':'DE-1','amount':0}]     | amount must be positive",
                "400 | 'payments':[{'employee':'e1','bank':'first','account':'DE-1','amount':-5}]    | amount must be positive",
                "400 | 'payments':[{'employee':'e1','bank':'first','account':'DE-1','amount':1.001}] | too many decimals",
                "400 | 'payments':[{'employee':'e1','bank':'first','account':'DE-1','amount':92233720368547758}] | too large",
                "400 | 'payments':[{'employee':'e1','bank':'first','account':'DE-1','amount':1e999999}] | too large",
                "400 | 'payments':[{'employee':'e1','bank':'first','account':'DE-1'}]                | amount is missing",
                "422 | 'payments':[{'employee':'e1','bank':'nowhere','account':'DE-1','amount':1}]   | bank is not known",
                "422 | 'payments':[{'employee':'e1','bank':'first','account':'DE-1','amount':1,'currency':'USD'}] | one currency",
                "400 | 'payments':[{'employee':'../e','bank':'first','account':'DE-1','amount':1}]   | employee must have",
                "400 | 'payments':[{'employee':'e1','bank':'first','account':'DE/1','amount':1}]     | account must have",
                "400 | 'payments':[{'branch':'b~2','employee':'e1','bank':'first','account':'DE-1','amount':1}] | branch must have",
                "422 | 'currency':'USD','payments':[{'employee':'e1','bank':'first','account':'DE-1','amount':1}] | another currency",
                "400 | 'currency':'XXX','payments':[ENTRY]                      | currency must be",
                "422 | 'companyAccount':'nobody','payments':[ENTRY]             | no such company account",
                "400 | 'expiresAfter':'PT0S','payments':[ENTRY]                 | expired already",
                "400 | 'expiresAfter':'-PT1H','payments':[ENTRY]                | expired already",
                "400 | 'expiresAfter':'P11D','payments':[ENTRY]                 | not be longer",
                "400 | 'expiresAfter':'soon','payments':[ENTRY]                 | ISO 8601",
                "400 | 'onFailure':'HOPE','payments':[ENTRY]                    | onFailure",
                "400 | 'callbackUrl':'file:///etc/passwd','payments':[ENTRY]    | callbackUrl must be",
                "400 | 'callbackUrl':'http://u:p@127.0.0.1/','payments':[ENTRY] | callbackUrl must be",
                "422 | 'callbackUrl':'http://169.254.169.254/','payments':[ENTRY] | callback.hosts",
                "400 | 'globalId':'a b','payments':[ENTRY]                      | globalId must have"
            })
    void badInputIsRefusedAndMovesNothing(int status, String fields, String detail) {
        for (PayrollPolicy policy : PayrollPolicy.values()) {
            String all = fields.contains("'onFailure'") ? fields : "'onFailure':'" + policy + "'," + fields;
            HttpResponse<String> answer = company.post("/payrolls", body(all));
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
            assertThat(answer.body()).contains(detail);
        }
        assertThat(company.balance()).isEqualTo("100.00");
        assertThat(banks.moves).isEmpty();
    }

    @Test
    void theSameAgainIsTheSameAndAnotherUnderTheSameIdIsRefused() {
        Company own = new Company(context, "50.00");
        Company.Payroll payroll = own.payroll().to("first", "DE-again").start();
        payroll.start();
        payroll.awaits("PAID");
        payroll.start();
        assertThat(own.balance()).isEqualTo("40.00");
        HttpResponse<String> other =
                own.post("/payrolls", payroll.to("first", "DE-more").body());
        assertThat(other.statusCode()).isEqualTo(409);
        assertThat(own.balance()).isEqualTo("40.00");
        banks.moves.clear();
    }

    @Test
    void theSameIdempotencyKeyIsAnsweredTheSame() {
        Company own = new Company(context, "50.00");
        String body = own.payroll().to("first", "DE-key").body().replaceFirst("\"globalId\":\"[^\"]*\",", "");
        HttpResponse<String> first = own.post("/payrolls", body, "Idempotency-Key", own.account);
        HttpResponse<String> second = own.post("/payrolls", body, "Idempotency-Key", own.account);
        assertThat(first.statusCode()).isEqualTo(202);
        assertThat(second.body()).isEqualTo(first.body());
        assertThat(own.balance()).isEqualTo("40.00");
        assertThat(own.post("/payrolls", body + " ", "Idempotency-Key", own.account)
                        .statusCode())
                .isIn(202, 409);
        assertThat(own.balance()).isEqualTo("40.00");
        own.get("/payrolls/x");
        Patience.await().until(() -> Books.wrongIn(context.journal(), banks).isEmpty());
        banks.moves.clear();
    }

    @Test
    void depositsAreTakenOnceAndAccountsKeepTheirCurrency() {
        Company own = new Company(context, "50.00");
        String deposits = "/company-accounts/" + own.account + "/deposits";
        assertThat(own.post(deposits, "{\"depositId\":\"d-1\",\"amount\":50,\"currency\":\"EUR\"}")
                        .statusCode())
                .isEqualTo(200);
        assertThat(own.balance()).isEqualTo("50.00");
        assertThat(own.post(deposits, "{\"depositId\":\"d-1\",\"amount\":51,\"currency\":\"EUR\"}")
                        .statusCode())
                .isEqualTo(409);
        assertThat(own.post(deposits, "{\"depositId\":\"d-2\",\"amount\":51,\"currency\":\"USD\"}")
                        .statusCode())
                .isEqualTo(409);
        assertThat(own.post(deposits, "{\"depositId\":\"d-2\",\"amount\":9999999999999,\"currency\":\"EUR\"}")
                        .statusCode())
                .isEqualTo(422);
        assertThat(own.post(
                                "/company-accounts/nobody/deposits",
                                "{\"depositId\":\"d\",\"amount\":1,\"currency\":\"EUR\"}")
                        .statusCode())
                .isEqualTo(404);
        assertThat(own.post("/company-accounts/" + own.account, "{\"currency\":\"USD\"}")
                        .statusCode())
                .isEqualTo(409);
        assertThat(own.balance()).isEqualTo("50.00");
    }

    @Test
    void onlySomebodyWhoHasSignedInDecides() {
        Company own = new Company(context, "50.00");
        Company.Payroll payroll =
                own.payroll().to("first", "spent-decided", "refuse-2").start();
        payroll.awaitsState("STUCK", 1);
        String address = "/payrolls/" + payroll.id + "/payments/e1/decisions";
        String decision = "{\"action\":\"WRITE_OFF\",\"reason\":\"left the company\"}";
        assertThat(own.post(address, decision).statusCode()).isEqualTo(401);
        assertThat(own.post(address, "{\"action\":\"WRITE_OFF\"}", "Authorization", SIGNED_IN)
                        .statusCode())
                .isEqualTo(400);
        assertThat(own.post(address, decision, "Authorization", SIGNED_IN, "Sec-Fetch-Site", "cross-site")
                        .statusCode())
                .isEqualTo(403);
        assertThat(own.post(address, decision, "Authorization", SIGNED_IN).statusCode())
                .isEqualTo(202);
        assertThat(own.post(address, decision, "Authorization", SIGNED_IN).statusCode())
                .isEqualTo(409);
        payroll.awaitsState("WRITTEN_OFF", 1);
        assertThat(own.get("/payrolls/" + payroll.id + "/payments?state=WRITTEN_OFF")
                        .path("payments")
                        .path(0)
                        .path("decidedBy")
                        .asString())
                .isEqualTo("ada");
        banks.moves.clear();
    }

    private static String body(String fields) {
        String all = "'companyAccount':'" + company.account + "','currency':'EUR'";
        if (fields.contains("'companyAccount'")) {
            all = "'currency':'EUR'";
        } else if (fields.contains("'currency':'USD','payments'") || fields.contains("'currency':'XXX'")) {
            all = "'companyAccount':'" + company.account + "'";
        }
        return ("{" + all + "," + fields.replace("ENTRY", ENTRY) + "}").replace('\'', '"');
    }
}
