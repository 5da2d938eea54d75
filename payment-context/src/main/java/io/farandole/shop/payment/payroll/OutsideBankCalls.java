package io.farandole.shop.payment.payroll;

import io.farandole.saga.outside.OutsideCall;
import java.time.Duration;
import java.util.function.Consumer;

/** Calls to banks and initiators as outside calls of the framework, under keys derived from the payroll's id. */
final class OutsideBankCalls implements BankCalls {

    private final Consumer<OutsideCall> request;
    private final PayrollSettings settings;

    OutsideBankCalls(Consumer<OutsideCall> request, PayrollSettings settings) {
        this.request = request;
        this.settings = settings;
    }

    @Override
    public void ask(SalaryAsk ask, Duration timeLimit) {
        request.accept(new OutsideCall(
                BankCall.kind(ask.payment().bank(), ask.ask()), ask.globalId(), ask, ask.key(), timeLimit));
    }

    @Override
    public void tell(PayrollNotice notice) {
        request.accept(new OutsideCall(
                NoticeCall.KIND,
                notice.globalId(),
                notice,
                notice.globalId(),
                settings.callback().timeLimit()));
    }

    @Override
    public Duration paymentTimeLimit() {
        return settings.paymentTimeLimit();
    }

    @Override
    public Duration settlementTimeLimit() {
        return settings.settlementTimeLimit();
    }

    @Override
    public int window() {
        return settings.window();
    }

    @Override
    public int reversalWindow() {
        return settings.reversalWindow();
    }
}
