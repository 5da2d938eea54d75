package io.farandole.shop.payment.payroll;

import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.shop.payment.PaymentApplication;
import io.farandole.testkit.Dance;
import io.farandole.testkit.Dancer;
import io.farandole.testkit.RunningContext;
import io.farandole.testservers.Patience;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;

/** Payrolls on a real journal, with banks that misbehave. After every test the books of all accounts balance. */
class PayrollIT {

    private static StandInBanks banks;
    private static Dance dance;
    private static RunningContext context;

    @BeforeAll
    static void starts() {
        banks = new StandInBanks();
        dance = Dance.of(Dancer.of("payment", PaymentApplication.class)
                .with("farandole.rabbitmq.enabled", "false")
                .with("shop.payment.provider.url", "http://127.0.0.1:1")
                .with("shop.payroll.banks.first.url", banks.url("first"))
                .with("shop.payroll.banks.first.timeout", "500ms")
                .with("shop.payroll.banks.first.initial-backoff", "50ms")
                .with("shop.payroll.banks.second.url", banks.url("second"))
                .with("shop.payroll.banks.second.parallelism", "4")
                .with("shop.payroll.banks.away.url", "http://127.0.0.1:1")
                .with("farandole.web.max-body", "4MB")
                .with("shop.payroll.payment-time-limit", "3s")
                .with("shop.payroll.settlement-time-limit", "5s")
                .with("shop.payroll.callback.hosts", "127.0.0.1")
                .with("shop.payroll.callback.time-limit", "4s")
                .with("shop.payroll.callback.secret", "0123456789abcdef0123456789abcdef"));
        context = dance.context("payment");
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

    @Test
    void everybodyIsPaid() {
        Company company = new Company(context, "100.00");
        Company.Payroll payroll = company.payroll()
                .to("first", "DE-1", "DE-2")
                .to("second", "FR-1")
                .start();
        JsonNode end = payroll.awaits("PAID");
        assertThat(end.path("total").asString()).isEqualTo("30.00");
        payroll.awaitsState("PAID", 3);
        assertThat(payroll.now().path("paid").asString()).isEqualTo("30.00");
        assertThat(payroll.now().path("outstanding").asString()).isEqualTo("0.00");
        assertThat(company.balance()).isEqualTo("70.00");
    }

    @Test
    void whatWasPaidIsTakenBackInReverseOrderIfABankRefuses() {
        Company company = new Company(context, "100.00");
        Company.Payroll payroll = company.payroll()
                .to("first", "DE-1", "DE-2", "DE-3", "refuse-4")
                .start();
        JsonNode end = payroll.awaits("REVERSED");
        assertThat(end.path("reason").asString()).isEqualTo("ACCOUNT_CLOSED");
        assertThat(company.balance()).isEqualTo("100.00");
        assertThat(payroll.now().path("returned").asString()).isEqualTo("40.00");
        List<String> back =
                banks.moves.stream().filter(it -> it.startsWith("-e")).toList();
        assertThat(back.subList(back.size() - 3, back.size())).containsExactly("-e3", "-e2", "-e1");
    }

    /** In another order than that of the process, an end would be shown before what led to it. */
    @Test
    void theFirstTimeThatAPayrollIsShownAsReversedAllOfItIsShown() throws Exception {
        Company company = new Company(context, "2000.00");
        List<Company.Payroll> payrolls = IntStream.range(0, 32)
                .mapToObj(i -> company.payroll().to("first", "DE-1", "DE-2", "DE-3", "refuse-4"))
                .toList();
        ExecutorService watchers = Executors.newFixedThreadPool(payrolls.size());
        try {
            List<Future<JsonNode>> ends = watchers.invokeAll(payrolls.stream()
                    .map(payroll -> (Callable<JsonNode>) () -> payroll.start().awaits("REVERSED", Duration.ofMillis(2)))
                    .toList());
            for (Future<JsonNode> end : ends) {
                assertThat(end.get().path("returned").asString()).isEqualTo("40.00");
                assertThat(end.get().path("states").path("REVERSED").asInt()).isEqualTo(3);
            }
        } finally {
            watchers.shutdownNow();
        }
    }

    @Test
    void flakySlowAndDyingBanksPayEverybodyOnce() {
        Company company = new Company(context, "100.00");
        Company.Payroll payroll = company.payroll()
                .to("first", "flaky-1", "slow-2", "die-3", "DE-4")
                .start();
        payroll.awaits("PAID");
        assertThat(company.balance()).isEqualTo("60.00");
    }

    @Test
    void aBankThatIsAwayHasEverythingTakenBackAfterTheTimeLimit() {
        Company company = new Company(context, "100.00");
        Company.Payroll payroll =
                company.payroll().to("first", "DE-1", "down-2", "DE-3").start();
        payroll.awaits("REVERSED");
        assertThat(company.balance()).isEqualTo("100.00");
    }

    @Test
    void nonsenseAndErrorsWithStatus200AreNoPayments() {
        Company company = new Company(context, "100.00");
        Company.Payroll payroll =
                company.payroll().to("first", "DE-1", "nonsense-2", "error-3").start();
        payroll.awaits("REVERSED");
        assertThat(company.balance()).isEqualTo("100.00");
    }

    @Test
    void aBankThatCannotEvenBeReachedToTakeBackLeavesAShortfallForAPerson() {
        Company company = new Company(context, "100.00");
        Company.Payroll payroll =
                company.payroll().to("first", "DE-1").to("away", "XX-2").start();
        payroll.awaits("SHORT");
        assertThat(payroll.awaitsState("STUCK", 1).path("shortfall").asString()).isEqualTo("10.00");
        assertThat(company.balance()).isEqualTo("90.00");
    }

    @Test
    void whatAnEmployeeHasSpentIsTheShortfallUntilItIsTakenBack() {
        Company company = new Company(context, "100.00");
        Company.Payroll payroll = company.payroll()
                .to("first", "DE-1", "spent-" + company.account.substring(30), "refuse-3")
                .start();
        String spent = "spent-" + company.account.substring(30);
        payroll.awaits("SHORT");
        JsonNode stuck = payroll.awaitsState("STUCK", 1);
        assertThat(stuck.path("shortfall").asString()).isEqualTo("10.00");
        assertThat(company.balance()).isEqualTo("90.00");
        JsonNode entry = company.get("/payrolls/" + payroll.id + "/payments?state=STUCK")
                .path("payments")
                .path(0);
        assertThat(entry.path("reason").asString()).isEqualTo("INSUFFICIENT_FUNDS");
        assertThat(entry.path("lacking").asString()).isEqualTo("5.00");
        banks.heal(spent);
        assertThat(context.send(new SalaryCommand.RetrySalary(payroll.id, 1, "ada", "the employee has paid in")))
                .isEqualTo(true);
        payroll.awaitsState("STUCK", 0);
        payroll.awaitsState("REVERSED", 2);
        Patience.await().until(() -> company.balance().equals("100.00"));
        assertThat(payroll.now().path("shortfall").asString()).isEqualTo("0.00");
        assertThat(payroll.now().path("returned").asString()).isEqualTo("30.00");
    }

    @Test
    void whatIsWrittenOffStaysInTheShortfall() {
        Company company = new Company(context, "100.00");
        Company.Payroll payroll =
                company.payroll().to("first", "spent-1", "refuse-2").start();
        payroll.awaits("SHORT");
        payroll.awaitsState("STUCK", 1);
        assertThat(context.send(new SalaryCommand.GiveUpSalary(payroll.id, 0, "ada", "left the company")))
                .isEqualTo(true);
        JsonNode end = payroll.awaitsState("WRITTEN_OFF", 1);
        assertThat(end.path("writtenOff").asString()).isEqualTo("10.00");
        assertThat(end.path("shortfall").asString()).isEqualTo("10.00");
        assertThat(context.send(new SalaryCommand.GiveUpSalary(payroll.id, 0, "ada", "again")))
                .isEqualTo(false);
    }

    @Test
    void whoGoesOnPaysTheOthersAndTheRefusedOneWhenAPersonSaysSo() {
        Company company = new Company(context, "100.00");
        String account = "refuse-" + company.account.substring(30);
        Company.Payroll payroll = company.payroll()
                .to("first", "DE-1", account, "DE-3")
                .with("onFailure", "GO_ON")
                .start();
        payroll.awaitsState("PAID", 2);
        payroll.awaitsState("REFUSED", 1);
        assertThat(payroll.now().path("status").asString()).isEqualTo("RUNNING");
        banks.heal(account);
        assertThat(context.send(new SalaryCommand.RetrySalary(payroll.id, 1, "ada", "the account is open again")))
                .isEqualTo(true);
        payroll.awaits("PAID");
        assertThat(company.balance()).isEqualTo("70.00");
    }

    @Test
    void whoGoesOnAsksUntilTheBankIsBack() {
        Company company = new Company(context, "100.00");
        String account = "down-" + company.account.substring(30);
        Company.Payroll payroll = company.payroll()
                .to("first", account, "DE-2")
                .with("onFailure", "GO_ON")
                .start();
        payroll.awaitsState("PAID", 1);
        banks.heal(account);
        payroll.awaits("PAID");
        assertThat(company.balance()).isEqualTo("80.00");
    }

    @Test
    void whoGoesOnKeepsWhatWasPaidAtTheEndOfItsTime() {
        Company company = new Company(context, "100.00");
        Company.Payroll payroll = company.payroll()
                .to("first", "DE-1", "down-2", "refuse-3")
                .with("onFailure", "GO_ON")
                .with("expiresAfter", "PT3S")
                .start();
        payroll.awaits("PARTLY_PAID");
        assertThat(company.balance()).isEqualTo("90.00");
        payroll.awaitsState("DROPPED", 1);
        payroll.awaitsState("REVERSED", 1);
    }

    @Test
    void aPaymentThatSucceedsAfterTheEndOfItsTimeIsTakenBackToo() {
        Company company = new Company(context, "100.00");
        Company.Payroll payroll = company.payroll()
                .to("second", "DE-1", "block-2")
                .with("expiresAfter", "PT1S")
                .start();
        payroll.awaits("STOPPING");
        assertThat(payroll.now().path("reason").asString()).isEqualTo("expired");
        banks.release();
        payroll.awaits("REVERSED");
        assertThat(company.balance()).isEqualTo("100.00");
    }

    @Test
    void whatIsHeldIsPaidOnlyOnceAllIsHeld() {
        Company company = new Company(context, "100.00");
        Company.Payroll paid = company.payroll()
                .to("first", "DE-1", "flaky-2", "die-3")
                .with("onFailure", "HOLD")
                .start();
        paid.awaits("PAID");
        assertThat(company.balance()).isEqualTo("70.00");
        Company.Payroll refused = company.payroll()
                .to("first", "spent-1", "DE-2", "refuse-3")
                .with("onFailure", "HOLD")
                .start();
        refused.awaits("REVERSED");
        assertThat(company.balance()).isEqualTo("70.00");
    }

    @Test
    void whatABankHoldsNoLongerIsPaidAnewOrGivenBackAsAPersonSays() {
        Company company = new Company(context, "100.00");
        Company.Payroll payroll = company.payroll()
                .to("first", "DE-1", "lapse-2", "lapse-3")
                .with("onFailure", "HOLD")
                .start();
        payroll.awaits("SHORT");
        assertThat(payroll.awaitsState("STUCK", 2).path("shortfall").asString()).isEqualTo("20.00");
        assertThat(company.balance()).isEqualTo("70.00");
        assertThat(context.send(new SalaryCommand.RetrySalary(payroll.id, 1, "ada", "pay it without a hold")))
                .isEqualTo(true);
        assertThat(payroll.awaitsState("PAID", 2).path("shortfall").asString()).isEqualTo("10.00");
        assertThat(context.send(new SalaryCommand.GiveUpSalary(payroll.id, 2, "ada", "paid in cash")))
                .isEqualTo(true);
        payroll.awaitsState("DROPPED", 1);
        Patience.await().until(() -> company.balance().equals("80.00"));
        JsonNode end = payroll.now();
        assertThat(end.path("paid").asString()).isEqualTo("20.00");
        assertThat(end.path("shortfall").asString()).isEqualTo("0.00");
        assertThat(end.path("returned").asString()).isEqualTo("10.00");
        assertThat(end.path("outstanding").asString()).isEqualTo("0.00");
    }

    @Test
    void aBankThatPaysAtOnceWhatItShouldHoldIsFoundOutAndHasItTakenBack() {
        Company company = new Company(context, "100.00");
        Company.Payroll payroll = company.payroll()
                .to("first", "DE-1", "whole-2")
                .with("onFailure", "HOLD")
                .start();
        payroll.awaits("REVERSED");
        assertThat(company.balance()).isEqualTo("100.00");
    }

    @Test
    void theInitiatorIsToldTheEndOnceItsServerIsBack() {
        Company company = new Company(context, "100.00");
        banks.refuseNotices(2);
        Company.Payroll payroll = company.payroll()
                .to("first", "DE-1")
                .with("callbackUrl", banks.url("notices"))
                .start();
        payroll.awaits("PAID");
        Patience.await().until(() -> payroll.now().path("notice").asString().equals("delivered"));
        assertThat(banks.notices())
                .filteredOn(it -> it.startsWith(payroll.id + " sha256="))
                .singleElement()
                .asString()
                .contains("\"outcome\":\"PAID\"", "\"paid\":1000");
    }

    @Test
    void anInitiatorThatIsNeverReachedIsGivenUpVisiblyAndHoldsUpNothing() {
        Company company = new Company(context, "100.00");
        Company.Payroll payroll = company.payroll()
                .to("first", "DE-1")
                .with("callbackUrl", "http://127.0.0.1:1/gone")
                .start();
        payroll.awaits("PAID");
        Patience.await().until(() -> payroll.now().path("notice").asString().startsWith("given up"));
    }

    /** What errors about missing rows tell an operator to do. */
    @Test
    void whatIsShownCanBeMadeAgainFromTheJournal() {
        Company company = new Company(context, "100.00");
        Company.Payroll payroll =
                company.payroll().to("first", "DE-1", "DE-2", "refuse-3").start();
        payroll.awaits("REVERSED");
        JsonNode shown = payroll.awaitsState("REVERSED", 2);
        assertThat(context.compare("payroll-view").isNone()).isTrue();
        assertThat(context.compare("company-accounts").isNone()).isTrue();

        JdbcTemplate jdbc = new JdbcTemplate(context.database().appDataSource());
        jdbc.update("delete from app.payroll_payment where payroll = ? and position = 1", payroll.id);
        jdbc.update("delete from app.payroll where global_id = ?", payroll.id);
        jdbc.update("update app.company_account set balance = 1 where account_id = ?", company.account);
        assertThat(context.rebuild("payroll-view").count()).isEqualTo(2);
        assertThat(context.rebuild("company-accounts").count()).isEqualTo(1);
        assertThat(payroll.now()).isEqualTo(shown);
        assertThat(company.balance()).isEqualTo("100.00");
    }

    @Test
    void aThousandArePaidWithNoMoreAtOnceThanTheirBankTakes() {
        Company company = new Company(context, "10000.00");
        int before = banks.mostAtOnce();
        Company.Payroll payroll = company.payroll()
                .to("second", IntStream.range(0, 1_000).mapToObj(i -> "DE-" + i).toArray(String[]::new))
                .start();
        payroll.awaits("PAID");
        assertThat(company.balance()).isEqualTo("0.00");
        assertThat(banks.mostAtOnce()).isLessThanOrEqualTo(Math.max(before, 16));
        payroll.awaitsState("PAID", 1_000);
    }
}
