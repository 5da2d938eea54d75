package io.farandole.shop.payment.payroll;

import io.farandole.shop.kernel.Money;

/** What happened to a company's account: the books of payroll, together with {@link SalaryEvent}. */
public sealed interface CompanyAccountEvent {

    /** The account. */
    String accountId();

    /** The state after this event. Never refuses. */
    CompanyAccountState evolve(CompanyAccountState state);

    /** It was opened. */
    record CompanyAccountOpened(String accountId, String currency) implements CompanyAccountEvent {
        @Override
        public CompanyAccountState evolve(CompanyAccountState state) {
            return state.opened(currency);
        }
    }

    /** Money came in from outside. */
    record CompanyDeposited(String accountId, String depositId, Money amount) implements CompanyAccountEvent {
        @Override
        public CompanyAccountState evolve(CompanyAccountState state) {
            return state.deposited(depositId, amount.minor());
        }
    }

    /** A payroll has taken its total. */
    record CompanyDebited(String accountId, String globalId, Money amount) implements CompanyAccountEvent {
        @Override
        public CompanyAccountState evolve(CompanyAccountState state) {
            return state.debited(globalId, amount.minor());
        }
    }

    /** A payroll has given back what it has not paid. */
    record CompanyCredited(String accountId, String globalId, Money amount) implements CompanyAccountEvent {
        @Override
        public CompanyAccountState evolve(CompanyAccountState state) {
            return state.credited(globalId, amount.minor());
        }
    }
}
