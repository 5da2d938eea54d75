package io.farandole.shop.payment.payroll;

import io.farandole.saga.outside.Outcome;
import io.farandole.saga.outside.OutsideCallHandler;
import io.farandole.saga.outside.OutsideCallSettings;
import io.farandole.shop.payment.payroll.bank.Bank;
import io.farandole.shop.payment.payroll.bank.BankAnswer;
import io.farandole.shop.payment.payroll.bank.BankPayment;
import io.farandole.shop.payment.payroll.bank.BankSettings;
import java.time.Duration;

/**
 * The questions to one bank of one direction: so many at once, and none of another bank waits for them. After the time limit the
 * recorded answer is {@link BankAnswer.Kind#UNKNOWN}.
 *
 * @param kind its stable name
 * @param bank that is asked
 * @param settings how it is asked
 */
record BankCall(String kind, Bank bank, BankSettings settings)
        implements OutsideCallHandler<SalaryAsk, BankAnswer>, AutoCloseable {

    private static final Duration SLACK = Duration.ofSeconds(15);

    static String kind(String bank, Ask ask) {
        return (ask == Ask.TAKE_BACK ? "take-back-" : "pay-") + bank;
    }

    @Override
    public Class<SalaryAsk> requestType() {
        return SalaryAsk.class;
    }

    @Override
    public Class<BankAnswer> resultType() {
        return BankAnswer.class;
    }

    @Override
    public OutsideCallSettings.Kind settings(OutsideCallSettings.Kind common) {
        return new OutsideCallSettings.Kind(
                settings.parallelism(),
                settings.connectTimeout().plus(settings.timeout()).plus(SLACK),
                settings.initialBackoff(),
                settings.maxBackoff(),
                common.timeLimit());
    }

    @Override
    public Outcome<BankAnswer> call(SalaryAsk ask, String idempotencyKey) {
        BankAnswer answer =
                switch (ask.ask()) {
                    case PAY -> bank.pay(payment(ask), Bank.Phase.WHOLE);
                    case HOLD -> bank.pay(payment(ask), Bank.Phase.TRY);
                    case CONFIRM -> bank.pay(payment(ask), Bank.Phase.CONFIRM);
                    case TAKE_BACK -> bank.takeBack(ask.globalId(), ask.bankBranch());
                };
        String reason = answer.reason();
        return answer.kind() == BankAnswer.Kind.UNKNOWN
                ? Outcome.unknown(reason == null ? "no definite answer" : reason)
                : Outcome.known(answer);
    }

    private static BankPayment payment(SalaryAsk ask) {
        return new BankPayment(
                ask.globalId(),
                ask.bankBranch(),
                ask.payment().account(),
                ask.payment().amount(),
                "salary " + ask.globalId());
    }

    @Override
    public Object command(SalaryAsk ask, BankAnswer answer) {
        return new SalaryCommand.RecordAnswer(ask.globalId(), ask.position(), ask.attempt(), answer);
    }

    @Override
    public BankAnswer onTimeLimit(SalaryAsk ask) {
        return BankAnswer.unknown("no answer within the time limit");
    }

    @Override
    public void close() {
        bank.close();
    }
}
