package io.farandole.shop.payment.payroll;

import io.farandole.shop.kernel.Money;
import io.farandole.shop.payment.payroll.CompanyAccountEvent.CompanyAccountOpened;
import io.farandole.shop.payment.payroll.CompanyAccountEvent.CompanyCredited;
import io.farandole.shop.payment.payroll.CompanyAccountEvent.CompanyDebited;
import io.farandole.shop.payment.payroll.CompanyAccountEvent.CompanyDeposited;
import java.util.List;
import org.axonframework.modelling.command.TargetAggregateIdentifier;

/** What a company account can be told. Those that can be refused answer with an {@link AccountAnswer}. */
public sealed interface CompanyAccountCommand {

    /** The account. */
    String accountId();

    /** Its aggregate: of its own kind, whatever else has the same id. */
    @TargetAggregateIdentifier
    default String aggregateId() {
        return aggregateId(accountId());
    }

    /** What it answers in that state. */
    AccountAnswer answer(CompanyAccountState state);

    /** What follows, if it answers {@link AccountAnswer#DONE}; empty if it was done before. */
    List<CompanyAccountEvent> decide(CompanyAccountState state);

    /** The aggregate of an account. */
    static String aggregateId(String accountId) {
        return "company-account/" + accountId;
    }

    /** Opens it; again in the same currency changes nothing. */
    record OpenCompanyAccount(String accountId, String currency) implements CompanyAccountCommand {
        @Override
        public AccountAnswer answer(CompanyAccountState state) {
            return state.currency() == null || state.currency().equals(currency)
                    ? AccountAnswer.DONE
                    : AccountAnswer.OTHER_CURRENCY;
        }

        @Override
        public List<CompanyAccountEvent> decide(CompanyAccountState state) {
            return state.currency() == null ? List.of(new CompanyAccountOpened(accountId, currency)) : List.of();
        }
    }

    /** Money comes in; again under the same id changes nothing. */
    record DepositMoney(String accountId, String depositId, Money amount) implements CompanyAccountCommand {
        @Override
        public AccountAnswer answer(CompanyAccountState state) {
            Long before = state.deposits().get(depositId);
            if (!amount.currency().equals(state.currency())) {
                return AccountAnswer.OTHER_CURRENCY;
            }
            if (before != null) {
                return before == amount.minor() ? AccountAnswer.DONE : AccountAnswer.OTHER_DEPOSIT;
            }
            // What payrolls have taken may all come back: there must be room for it too.
            long taken =
                    state.taken().values().stream().mapToLong(Long::longValue).sum();
            return amount.minor() > MOST - state.balance() - taken ? AccountAnswer.TOO_MUCH : AccountAnswer.DONE;
        }

        @Override
        public List<CompanyAccountEvent> decide(CompanyAccountState state) {
            return state.deposits().containsKey(depositId)
                    ? List.of()
                    : List.of(new CompanyDeposited(accountId, depositId, amount));
        }
    }

    /** A payroll takes its total. */
    record DebitForPayroll(String accountId, String globalId, Money amount) implements CompanyAccountCommand {
        @Override
        public AccountAnswer answer(CompanyAccountState state) {
            if (!amount.currency().equals(state.currency())) {
                return AccountAnswer.OTHER_CURRENCY;
            }
            return amount.minor() > state.balance() && !state.taken().containsKey(globalId)
                    ? AccountAnswer.LACKING
                    : AccountAnswer.DONE;
        }

        @Override
        public List<CompanyAccountEvent> decide(CompanyAccountState state) {
            return state.taken().containsKey(globalId)
                    ? List.of()
                    : List.of(new CompanyDebited(accountId, globalId, amount));
        }
    }

    /** A payroll gives back what it has not paid: never more than it has taken. */
    record CreditFromPayroll(String accountId, String globalId, Money amount) implements CompanyAccountCommand {
        @Override
        public AccountAnswer answer(CompanyAccountState state) {
            long taken = state.taken().getOrDefault(globalId, 0L);
            if (amount.minor() < 0 || amount.minor() > taken) {
                throw new IllegalStateException("Payroll " + globalId + " would give back " + amount.minor()
                        + " and holds only " + taken + " of company account " + accountId
                        + ": compare its salaries' events with the account's");
            }
            return AccountAnswer.DONE;
        }

        @Override
        public List<CompanyAccountEvent> decide(CompanyAccountState state) {
            return amount.minor() == 0 ? List.of() : List.of(new CompanyCredited(accountId, globalId, amount));
        }
    }

    /** The most minor units that are kept on an account, with what can come back to it. */
    long MOST = 1_000_000_000_000_000L;
}
