package io.farandole.shop.payment.payroll;

import io.farandole.shop.kernel.Money;
import io.farandole.shop.payment.payroll.CompanyAccountEvent.CompanyAccountOpened;
import io.farandole.shop.payment.payroll.CompanyAccountEvent.CompanyDeposited;
import io.farandole.shop.payment.payroll.PayrollCommand.StartPayroll;
import io.farandole.shop.payment.payroll.SalaryCommand.AskForSalary;
import io.farandole.shop.payment.payroll.SalaryCommand.RecordAnswer;
import io.farandole.shop.payment.payroll.SalaryCommand.TakeBackSalary;
import io.farandole.shop.payment.payroll.SalaryEvent.SalaryListed;
import io.farandole.shop.payment.payroll.bank.BankAnswer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.axonframework.test.saga.SagaTestFixture;
import org.jspecify.annotations.Nullable;

/**
 * A payroll in one thread: the saga, the decisions, banks with the barrier, a person, and a schedule drawn from a seed. Answers are lost,
 * come late or twice; time passes at any moment.
 */
final class PayrollDance implements BankCalls {

    static final String ID = "p-1";
    static final String ACCOUNT = "acme";
    private static final String CURRENCY = "EUR";
    private static final Duration RUNS_FOR = Duration.ofHours(1);

    final List<Object> journal = new ArrayList<>();
    CompanyAccountState account = CompanyAccountState.NEW;
    PayrollState payroll = PayrollState.NEW;
    final Map<Integer, SalaryState> salaries = new HashMap<>();

    /** What the banks have, by branch. */
    final Map<String, Long> paid = new HashMap<>();

    /** In which order payments were taken back. */
    final List<Integer> takenBack = new ArrayList<>();

    private final Set<String> held = new HashSet<>();
    private final Set<String> tombstones = new HashSet<>();
    private final Map<String, BankAnswer> refusals = new HashMap<>();
    private final SagaTestFixture<PayrollRun> saga = new SagaTestFixture<>(PayrollRun.class);
    private final List<SalaryAsk> open = new ArrayList<>();
    private final List<RecordAnswer> late = new ArrayList<>();
    private final List<PayrollNotice> notices = new ArrayList<>();
    private final Random random;
    private final String behaviours;
    private int position;
    private boolean expired;

    /** {@code behaviours}: a letter for each employee; o(k), r(efused), l(ost), s(pent), (e)x(pired). */
    PayrollDance(long seed, PayrollPolicy policy, String behaviours) {
        this.random = new Random(seed);
        this.behaviours = behaviours;
        saga.registerResource(this);
        saga.setCallbackBehavior((command, metadata) -> decide(command));
        saga.givenCurrentTime(Instant.EPOCH);
        happen(new CompanyAccountOpened(ACCOUNT, CURRENCY));
        happen(new CompanyDeposited(ACCOUNT, "d", new Money(100_000, CURRENCY)));
        long total = 0;
        for (int i = 0; i < behaviours.length(); i++) {
            total += 100 + i;
        }
        PayrollTerms terms = new PayrollTerms(
                ACCOUNT,
                new Money(total, CURRENCY),
                behaviours.length(),
                policy,
                RUNS_FOR,
                Instant.EPOCH.plus(RUNS_FOR),
                random.nextBoolean() ? "http://initiator/" : null);
        decide(new StartPayroll(ID, terms, "f"));
        decide(new CompanyAccountCommand.DebitForPayroll(ACCOUNT, ID, terms.total()));
        for (int i = 0; i < behaviours.length(); i++) {
            happen(new SalaryListed(
                    ID,
                    i,
                    new PayrollPayment("b" + i, "e" + i, "bank", "a" + i, new Money(100 + i, CURRENCY)),
                    policy == PayrollPolicy.GO_ON));
        }
    }

    /** Lets it run until nothing is left to do. */
    void run() {
        for (int step = 0; step < 5_000; step++) {
            List<Runnable> moves = new ArrayList<>();
            if (position < journal.size()) {
                moves.add(() -> {
                    position++;
                    Object event = journal.get(position - 1);
                    if (event instanceof CompanyAccountEvent) {
                        return;
                    }
                    saga.givenAPublished(event);
                });
            }
            List.copyOf(open).forEach(ask -> moves.add(() -> proceed(ask)));
            if (!late.isEmpty()) {
                moves.add(() -> decide(late.remove(random.nextInt(late.size()))));
            }
            List.copyOf(notices)
                    .forEach(notice -> moves.add(() -> {
                        notices.remove(notice);
                        decide(new PayrollCommand.RecordNotice(ID, random.nextBoolean() ? null : "away"));
                    }));
            person(moves);
            if (!expired && (moves.isEmpty() || random.nextInt(40) == 0)) {
                moves.clear();
                moves.add(() -> {
                    expired = true;
                    saga.whenTimeElapses(RUNS_FOR.plusSeconds(1));
                });
            }
            if (moves.isEmpty()) {
                return;
            }
            moves.get(random.nextInt(moves.size())).run();
        }
        throw new AssertionError("Still not at rest");
    }

    void expectSagaEnded() {
        saga.whenTimeElapses(Duration.ZERO).expectActiveSagas(0);
    }

    private void person(List<Runnable> moves) {
        salaries.forEach((number, state) -> {
            boolean waits = SalaryDecisions.retry(state, ID, number, "ada", "r").isPresent();
            if (waits) {
                moves.add(() ->
                        SalaryDecisions.retry(state, ID, number, "ada", "r").ifPresent(this::happen));
                moves.add(() ->
                        SalaryDecisions.giveUp(state, ID, number, "ada", "r").ifPresent(this::happen));
            }
        });
    }

    private void proceed(SalaryAsk ask) {
        char behaviour = behaviours.charAt(ask.position());
        boolean lost = (behaviour == 'l' || behaviour == 'x') && ask.ask() != Ask.TAKE_BACK && random.nextBoolean();
        BankAnswer answer = null;
        if (!lost || random.nextBoolean()) {
            answer = bank(ask, behaviour);
        }
        if (!lost && random.nextInt(4) == 0) {
            return; // it took place, and the answer was lost: asked again
        }
        open.remove(ask);
        RecordAnswer record = new RecordAnswer(
                ID, ask.position(), ask.attempt(), lost || answer == null ? BankAnswer.unknown("time limit") : answer);
        decide(record);
        if (random.nextInt(4) == 0) {
            late.add(record); // and once more
        }
    }

    private BankAnswer bank(SalaryAsk ask, char behaviour) {
        String branch = ask.bankBranch();
        long amount = ask.payment().amount().minor();
        if (ask.ask() == Ask.TAKE_BACK) {
            if (paid.containsKey(branch) && behaviour == 's' && random.nextBoolean()) {
                return BankAnswer.lacking("INSUFFICIENT_FUNDS", 1);
            }
            tombstones.add(branch);
            if (paid.remove(branch) != null) {
                takenBack.add(ask.position());
            }
            held.remove(branch);
            return BankAnswer.done();
        }
        if (tombstones.contains(branch)) {
            return BankAnswer.refused("COMPENSATED_BEFORE");
        }
        BankAnswer before = refusals.get(branch);
        if (before != null) {
            return before;
        }
        if (behaviour == 'r' && ask.ask() != Ask.CONFIRM && random.nextInt(3) > 0) {
            BankAnswer refusal = BankAnswer.refused("ACCOUNT_CLOSED");
            if (!paid.containsKey(branch) && !held.contains(branch)) {
                refusals.put(branch, refusal);
                return refusal;
            }
        }
        boolean lapses = behaviour == 'x' && ask.ask() == Ask.CONFIRM && !paid.containsKey(branch);
        boolean closed = behaviour == 'x' && ask.ask() == Ask.PAY && !paid.containsKey(branch) && random.nextBoolean();
        if (lapses || closed) {
            held.remove(branch);
            refusals.put(branch, BankAnswer.refused(lapses ? "EXPIRED" : "ACCOUNT_CLOSED"));
            return Objects.requireNonNull(refusals.get(branch));
        }
        if (ask.ask() == Ask.HOLD) {
            held.add(branch);
        } else {
            held.remove(branch);
            paid.put(branch, amount);
        }
        return BankAnswer.done();
    }

    private @Nullable Object decide(Object command) {
        if (command instanceof CompanyAccountCommand it) {
            AccountAnswer answer = it.answer(account);
            if (answer == AccountAnswer.DONE) {
                it.decide(account).forEach(this::happen);
            }
            return answer;
        }
        if (command instanceof PayrollCommand it) {
            it.decide(payroll).forEach(this::happen);
            return null;
        }
        SalaryCommand salary = (SalaryCommand) command;
        SalaryState state = salaries.get(salary.position());
        if (state == null) {
            throw new AssertionError("No salary " + salary.position());
        }
        if (salary instanceof RecordAnswer it) {
            SalaryDecisions.answered(state, ID, it.position(), it.attempt(), it.answer())
                    .forEach(this::happen);
            return null;
        }
        if (salary instanceof AskForSalary it) {
            return SalaryDecisions.isDue(state, it.ask()) ? asked(state.next(ID, it.position(), it.ask())) : null;
        }
        TakeBackSalary back = (TakeBackSalary) salary;
        TakeBack.Kind kind = SalaryDecisions.takeBack(state, back.paidToo());
        boolean wasPaid = state.phase() == SalaryPhase.PAID;
        if (kind == TakeBack.Kind.DROP) {
            SalaryDecisions.giveUp(state, ID, back.position(), "payroll", "late")
                    .ifPresent(this::happen);
        }
        return new TakeBack(
                kind,
                kind == TakeBack.Kind.ASK ? asked(state.next(ID, back.position(), Ask.TAKE_BACK)) : null,
                wasPaid);
    }

    private SalaryAsk asked(SalaryAsk ask) {
        happen(SalaryDecisions.asked(ask));
        return ask;
    }

    private void happen(Object event) {
        journal.add(event);
        if (event instanceof CompanyAccountEvent it) {
            account = it.evolve(account);
            if (account.balance() < 0) {
                throw new AssertionError("The account is below zero");
            }
        } else if (event instanceof PayrollEvent it) {
            payroll = it.evolve(payroll);
        } else if (event instanceof SalaryEvent it) {
            salaries.put(it.position(), it.evolve(salaries.getOrDefault(it.position(), SalaryState.NEW)));
        }
    }

    @Override
    public void ask(SalaryAsk ask, Duration timeLimit) {
        open.add(ask);
    }

    @Override
    public void tell(PayrollNotice notice) {
        notices.add(notice);
    }

    @Override
    public Duration paymentTimeLimit() {
        return Duration.ofMinutes(2);
    }

    @Override
    public Duration settlementTimeLimit() {
        return Duration.ofMinutes(10);
    }

    @Override
    public int window() {
        return 3;
    }

    @Override
    public int reversalWindow() {
        return 1;
    }
}
