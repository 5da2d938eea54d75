package io.farandole.banks;

import io.farandole.banks.AccountBook.Account;
import io.farandole.banks.AccountBook.Entry;
import io.farandole.banks.AccountBook.Hold;
import io.farandole.banks.Deed.Mishap;
import io.farandole.participant.Answer;
import io.farandole.participant.Answer.Verdict;
import io.farandole.participant.Branch;
import io.farandole.participant.Phase;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Pays salaries, at once or held first, and takes them back, whatever they came over. It knows of no duplicates: the barrier does. The bank is the
 * branch's participant.
 */
final class PayrollDesk {

    private static final JsonMapper JSON = new JsonMapper();
    private static final String INSUFFICIENT_FUNDS = "INSUFFICIENT_FUNDS";
    private static final String ACCOUNT_CLOSED = "ACCOUNT_CLOSED";

    private final AccountBook book;
    private final Set<String> failedJustNow = ConcurrentHashMap.newKeySet();

    PayrollDesk(AccountBook book) {
        this.book = book;
    }

    /** Pays, or holds: in the second phase {@link #confirm} is asked. */
    Deed pay(Branch branch, byte[] request, Phase phase) {
        if (phase == Phase.CONFIRM) {
            return confirm(branch);
        }
        Payment payment;
        try {
            payment = JSON.readValue(request, Payment.class);
        } catch (JacksonException malformed) {
            return refused(Answer.INVALID, "The body is no payment");
        }
        String complaint = payment == null ? "The body is empty" : payment.complaint();
        if (payment == null
                || complaint != null
                || payment.account() == null
                || payment.amount() == null
                || payment.currency() == null) {
            return refused(Answer.INVALID, complaint == null ? "The body is no payment" : complaint);
        }
        Behaviour behaviour = Behaviour.of(payment.account());
        if (behaviour == Behaviour.DOWN || (behaviour == Behaviour.FLAKY && failsThisTime("pay " + branch))) {
            return unavailable();
        }
        if (behaviour == Behaviour.NONSENSE) {
            return new Deed(unavailable().answer(), Mishap.GARBLED);
        }
        if (behaviour == Behaviour.REFUSE) {
            return refused("REFUSED_BY_BANK", "This bank does not take this payment");
        }
        Account account = book.lock(branch.participant(), payment.account());
        if (account == null) {
            return refused("UNKNOWN_ACCOUNT", "There is no account " + payment.account());
        }
        Deed refusal = refusal(branch.participant(), account, payment.amount(), payment.currency(), behaviour);
        if (refusal != null) {
            return refusal;
        }
        if (phase == Phase.TRY) {
            book.hold(branch, account.account(), payment.amount(), payment.reference());
        } else {
            credit(branch, account.account(), payment.amount(), payment.reference(), behaviour);
        }
        return new Deed(Answer.done(), onTheWay(behaviour));
    }

    /** What is held is the employee's, whatever has become of the account since: it was promised. */
    private Deed confirm(Branch branch) {
        Hold hold = book.held(branch);
        if (hold == null || !hold.open()) {
            throw new IllegalStateException("The barrier knows branch " + branch + " as held, and the book does not");
        }
        Behaviour behaviour = Behaviour.of(hold.account());
        if (behaviour == Behaviour.FLAKY && failsThisTime("confirm " + branch)) {
            return unavailable();
        }
        lockToEnd(branch, hold.account());
        book.endHold(branch, "CONFIRMED");
        credit(branch, hold.account(), hold.amount(), hold.reference(), behaviour);
        return new Deed(Answer.done(), onTheWay(behaviour));
    }

    /** Lets go of what is held: there is nothing that could prevent it. */
    Answer letGo(Branch branch) {
        Hold hold = book.held(branch);
        if (hold == null || !hold.open()) {
            throw new IllegalStateException("The barrier knows branch " + branch + " as held, and the book does not");
        }
        lockToEnd(branch, hold.account());
        book.endHold(branch, "RELEASED");
        return Answer.done();
    }

    private Account lockToEnd(Branch branch, String number) {
        Account account = book.lock(branch.participant(), number);
        if (account == null) {
            throw new IllegalStateException("Account " + number + " of branch " + branch + " is gone");
        }
        return account;
    }

    private @Nullable Deed refusal(String bank, Account account, long amount, String currency, Behaviour behaviour) {
        String number = account.account();
        if (account.closed() || behaviour == Behaviour.CLOSED) {
            return refused(ACCOUNT_CLOSED, "Account " + number + " is closed");
        }
        if (!account.currency().equals(currency)) {
            return refused("CURRENCY", "Account " + number + " is in " + account.currency());
        }
        if (account.balance() > Long.MAX_VALUE - amount - book.held(bank, number)) {
            return refused(Answer.INVALID, "The amount is more than account " + number + " can hold");
        }
        return null;
    }

    private void credit(Branch branch, String number, long amount, @Nullable String reference, Behaviour behaviour) {
        String bank = branch.participant();
        book.book(bank, new Entry(number, "PAID", amount, branch.globalId(), branch.branchId(), reference));
        if (behaviour == Behaviour.CLOSE) {
            book.close(bank, number);
        }
        if (behaviour == Behaviour.SPEND) {
            book.book(bank, new Entry(number, "SPENT", -(amount - amount / 2), null, null, "spent at once"));
        }
    }

    private static Mishap onTheWay(Behaviour behaviour) {
        return switch (behaviour) {
            case SLOW -> Mishap.LATE;
            case DIE -> Mishap.LOST;
            case GARBLE -> Mishap.GARBLED;
            default -> Mishap.NONE;
        };
    }

    Deed takeBack(Branch branch) {
        String bank = branch.participant();
        Hold hold = book.held(branch);
        if (hold != null && hold.open()) {
            Behaviour behaviour = Behaviour.of(hold.account());
            return behaviour == Behaviour.KEEP || (behaviour == Behaviour.FLAKY && failsThisTime("take back " + branch))
                    ? unavailable()
                    : new Deed(letGo(branch), behaviour == Behaviour.DIE ? Mishap.LOST : Mishap.NONE);
        }
        Entry payment = book.payment(bank, branch.globalId(), branch.branchId());
        if (payment == null) {
            throw new IllegalStateException("The barrier knows branch " + branch + " as paid, and the book does not");
        }
        Behaviour behaviour = Behaviour.of(payment.account());
        if (behaviour == Behaviour.KEEP || (behaviour == Behaviour.FLAKY && failsThisTime("take back " + branch))) {
            return unavailable();
        }
        Account account = lockToEnd(branch, payment.account());
        if (account.closed()) {
            return refusedReversal(
                    ACCOUNT_CLOSED, payment.amount(), "Account " + payment.account() + " has been closed since");
        }
        if (account.balance() < payment.amount()) {
            long shortfall = payment.amount() - account.balance();
            return refusedReversal(
                    INSUFFICIENT_FUNDS, shortfall, "Account " + payment.account() + " lacks " + shortfall);
        }
        book.book(
                bank,
                new Entry(
                        payment.account(),
                        "REVERSED",
                        -payment.amount(),
                        branch.globalId(),
                        branch.branchId(),
                        payment.reference()));
        return new Deed(Answer.done(), behaviour == Behaviour.DIE ? Mishap.LOST : Mishap.NONE);
    }

    private boolean failsThisTime(String what) {
        if (failedJustNow.add(what)) {
            return true;
        }
        failedJustNow.remove(what);
        return false;
    }

    private static Deed unavailable() {
        return Deed.of(Answer.of(Verdict.FAILED, 503, "UNAVAILABLE", "This bank is out of order", null, new byte[0]));
    }

    private static Deed refused(String reason, String text) {
        return Deed.of(Answer.refused(reason, text));
    }

    private static Deed refusedReversal(String reason, long shortfall, String text) {
        Map<String, Object> content = new LinkedHashMap<>();
        content.put("outcome", "REFUSED");
        content.put("reason", reason);
        content.put("shortfall", shortfall);
        content.put("text", text);
        byte[] body = JSON.writeValueAsBytes(content);
        return Deed.of(Answer.of(Verdict.REFUSED, 409, reason, text, "application/json", body));
    }
}
