package io.farandole.banks;

import io.farandole.banks.AccountBook.Account;
import io.farandole.banks.AccountBook.Entry;
import io.farandole.banks.Deed.Mishap;
import io.farandole.participant.Answer;
import io.farandole.participant.Answer.Verdict;
import io.farandole.participant.Branch;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Pays salaries and takes them back, whatever they came over. It knows of no duplicates: the barrier does. The bank is the
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

    Deed pay(Branch branch, byte[] request) {
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
        return credit(branch, payment.account(), payment.amount(), payment.currency(), payment.reference(), behaviour);
    }

    private Deed credit(
            Branch branch,
            String number,
            long amount,
            String currency,
            @Nullable String reference,
            Behaviour behaviour) {
        String bank = branch.participant();
        Account account = book.lock(bank, number);
        if (account == null) {
            return refused("UNKNOWN_ACCOUNT", "There is no account " + number);
        }
        if (account.closed() || behaviour == Behaviour.CLOSED) {
            return refused(ACCOUNT_CLOSED, "Account " + number + " is closed");
        }
        if (!account.currency().equals(currency)) {
            return refused("CURRENCY", "Account " + number + " is in " + account.currency());
        }
        if (account.balance() > Long.MAX_VALUE - amount) {
            return refused(Answer.INVALID, "The amount is more than account " + number + " can hold");
        }
        book.book(bank, new Entry(number, "PAID", amount, branch.globalId(), branch.branchId(), reference));
        if (behaviour == Behaviour.CLOSE) {
            book.close(bank, number);
        }
        if (behaviour == Behaviour.SPEND) {
            book.book(bank, new Entry(number, "SPENT", -(amount - amount / 2), null, null, "spent at once"));
        }
        return new Deed(
                Answer.done(),
                switch (behaviour) {
                    case SLOW -> Mishap.LATE;
                    case DIE -> Mishap.LOST;
                    case GARBLE -> Mishap.GARBLED;
                    default -> Mishap.NONE;
                });
    }

    Deed takeBack(Branch branch) {
        String bank = branch.participant();
        Entry payment = book.payment(bank, branch.globalId(), branch.branchId());
        if (payment == null) {
            throw new IllegalStateException("The barrier knows branch " + branch + " as paid, and the book does not");
        }
        Behaviour behaviour = Behaviour.of(payment.account());
        if (behaviour == Behaviour.KEEP || (behaviour == Behaviour.FLAKY && failsThisTime("take back " + branch))) {
            return unavailable();
        }
        Account account = book.lock(bank, payment.account());
        if (account == null) {
            throw new IllegalStateException("Account " + payment.account() + " of branch " + branch + " is gone");
        }
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
