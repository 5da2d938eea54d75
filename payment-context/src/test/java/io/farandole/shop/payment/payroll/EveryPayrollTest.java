package io.farandole.shop.payment.payroll;

import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.shop.payment.payroll.PayrollEvent.PayrollSettled;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every mixture of four employees whose banks pay, refuse, lose the answer, can take nothing back, or hold for too short a time, under each policy, each in several
 * schedules: it ends, no saga is left, the books balance, and the banks have what the books say.
 */
class EveryPayrollTest {

    private static final int SCHEDULES = Integer.getInteger("schedules", 2);
    private static final String BEHAVIOURS = "orlsx";

    @ParameterizedTest
    @EnumSource(PayrollPolicy.class)
    void endsWithTheBooksBalanced(PayrollPolicy policy) {
        for (String behaviours : mixtures(4)) {
            for (int schedule = 0; schedule < SCHEDULES; schedule++) {
                long seed = 1_000L * behaviours.hashCode() + schedule;
                PayrollDance dance = new PayrollDance(seed, policy, behaviours);
                try {
                    dance.run();
                    check(dance, policy);
                } catch (AssertionError | RuntimeException e) {
                    throw new AssertionError(
                            policy + ", " + behaviours + ", seed " + seed + ":\n"
                                    + String.join(
                                            "\n",
                                            dance.journal.stream()
                                                    .map(Object::toString)
                                                    .toList()),
                            e);
                }
            }
        }
    }

    private static List<String> mixtures(int length) {
        List<String> all = List.of("");
        for (int i = 0; i < length; i++) {
            List<String> longer = new ArrayList<>();
            all.forEach(it -> BEHAVIOURS.chars().forEach(c -> longer.add(it + (char) c)));
            all = longer;
        }
        return all;
    }

    private static void check(PayrollDance dance, PayrollPolicy policy) {
        dance.expectSagaEnded();
        List<PayrollSettled> ends = dance.journal.stream()
                .filter(PayrollSettled.class::isInstance)
                .map(PayrollSettled.class::cast)
                .toList();
        assertThat(ends).hasSize(1);
        long kept = 0;
        long missing = 0;
        long atBanks = 0;
        for (SalaryState salary : dance.salaries.values()) {
            long amount = salary.listedPayment().amount().minor();
            assertThat(salary.phase())
                    .isIn(
                            SalaryPhase.PAID,
                            SalaryPhase.WRITTEN_OFF,
                            SalaryPhase.REVERSED,
                            SalaryPhase.REFUSED,
                            SalaryPhase.DROPPED,
                            SalaryPhase.LISTED);
            if (salary.phase() == SalaryPhase.PAID) {
                kept += amount;
            }
            if (salary.phase() == SalaryPhase.WRITTEN_OFF) {
                missing += amount;
            }
        }
        for (long amount : dance.paid.values()) {
            atBanks += amount;
        }
        assertThat(dance.account.balance() + kept + missing)
                .as("balance + kept + written off")
                .isEqualTo(100_000);
        assertThat(atBanks).as("at the banks").isBetween(kept, kept + missing);
        if (policy != PayrollPolicy.GO_ON && ends.get(0).outcome() != PayrollOutcome.PAID) {
            assertThat(kept)
                    .as("kept after a reversal")
                    .satisfiesAnyOf(it -> assertThat(it).isZero(), it -> assertThat(policy)
                            .isEqualTo(PayrollPolicy.HOLD));
        }
        if (dance.salaries.values().stream().noneMatch(it -> it.attempt() > 2)) {
            assertThat(dance.takenBack).as("reverse order").isSortedAccordingTo(Comparator.reverseOrder());
        }
    }
}
