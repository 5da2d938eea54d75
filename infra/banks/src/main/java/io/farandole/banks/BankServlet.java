package io.farandole.banks;

import io.farandole.banks.AccountBook.Account;
import io.farandole.banks.AccountBook.Entry;
import io.farandole.participant.Answer;
import io.farandole.participant.http.BranchFilter;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The banks' HTTP: {@code /banks/{bank}/payroll/{gid}/{branch}} behind the filter, and beside it what tests and demos need. */
final class BankServlet extends HttpServlet {

    private static final long serialVersionUID = 1;
    private static final JsonMapper JSON = new JsonMapper();
    private static final int MAX_BODY = 4 * 1024 * 1024;

    private final transient AccountBook book;
    private final transient PayrollDesk desk;
    private final transient TransactionTemplate transactions;

    BankServlet(AccountBook book, PayrollDesk desk, TransactionTemplate transactions) {
        this.book = book;
        this.desk = desk;
        this.transactions = transactions;
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String info = request.getPathInfo();
        String[] path = (info == null ? "" : info).replaceFirst("^/", "").split("/", -1);
        String what = request.getMethod() + " " + (path.length > 1 ? path[1] : "") + " " + path.length;
        if (!Payment.isAccount(path[0])) {
            problem(response, 404, "There is no such bank");
            return;
        }
        try {
            switch (what) {
                case "POST payroll 4" ->
                    tell(
                            request,
                            response,
                            desk.pay(
                                    BranchFilter.branchOf(request),
                                    request.getInputStream().readAllBytes(),
                                    BranchFilter.phaseOf(request)),
                            BranchFilter.phaseOf(request).done());
                case "DELETE payroll 4" ->
                    tell(request, response, desk.takeBack(BranchFilter.branchOf(request)), "COMPENSATED");
                case "POST accounts 2" -> open(path[0], request, response);
                case "GET accounts 3" -> show(path[0], path[2], response);
                case "POST accounts 4" -> {
                    if (path[3].equals("spend")) {
                        spend(path[0], path[2], request, response);
                    } else {
                        problem(response, 404, "There is nothing here");
                    }
                }
                case "GET ledger 2" -> answer(response, 200, book.ledger(path[0], request.getParameter("globalId")));
                default -> problem(response, 404, "There is nothing here");
            }
        } catch (JacksonException malformed) {
            problem(response, 400, "The body is not what is asked for here");
        }
    }

    private static void tell(HttpServletRequest request, HttpServletResponse response, Deed deed, String done)
            throws IOException {
        request.setAttribute(MishapValve.MISHAP, deed.mishap());
        Answer answer = deed.answer();
        byte[] body = answer.body().length == 0 ? answer.asJson(done) : answer.body();
        response.setStatus(answer.status());
        response.setContentType("application/json");
        response.getOutputStream().write(body);
    }

    /** One account, or many at once. */
    private void open(String bank, HttpServletRequest request, HttpServletResponse response) throws IOException {
        JsonNode body = JSON.readTree(read(request));
        List<JsonNode> accounts = body.isArray() ? List.copyOf(body.asArray().values()) : List.of(body);
        for (JsonNode account : accounts) {
            if (!Payment.isAccount(account.path("account").asString(null))
                    || !Payment.isCurrency(account.path("currency").asString(null))
                    || !account.path("balance").canConvertToLong()
                    || account.path("balance").asLong() < 0) {
                problem(response, 400, "An account is {\"account\":\"DE-1\",\"currency\":\"EUR\",\"balance\":0}");
                return;
            }
        }
        Boolean fits = transactions.execute(status -> {
            boolean all = accounts.stream().allMatch(account -> openOne(bank, account));
            if (!all) {
                status.setRollbackOnly();
            }
            return all;
        });
        if (Boolean.TRUE.equals(fits)) {
            answer(response, 200, Map.of("accounts", accounts.size()));
        } else {
            problem(response, 409, "There is an account of that number, and it was opened otherwise");
        }
    }

    private boolean openOne(String bank, JsonNode account) {
        String number = account.path("account").asString();
        String currency = account.path("currency").asString();
        long balance = account.path("balance").asLong();
        if (book.open(bank, number, currency, balance)) {
            return true;
        }
        Account known = book.find(bank, number);
        return known != null && known.currency().equals(currency) && book.openedWith(bank, number) == balance;
    }

    private void show(String bank, String number, HttpServletResponse response) throws IOException {
        Account account = book.find(bank, number);
        if (account == null) {
            problem(response, 404, "There is no account " + number);
            return;
        }
        Map<String, @Nullable Object> shown = new LinkedHashMap<>();
        shown.put("account", number);
        shown.put("currency", account.currency());
        shown.put("balance", account.balance());
        shown.put("held", book.held(bank, number));
        shown.put("closed", account.closed());
        shown.put("entries", book.entries(bank, number));
        answer(response, 200, shown);
    }

    /** An employee spends. */
    private void spend(String bank, String number, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        JsonNode amount = JSON.readTree(read(request)).path("amount");
        if (!amount.canConvertToLong() || amount.asLong() <= 0) {
            problem(response, 400, "Spending is {\"amount\":100}");
            return;
        }
        Boolean spent = transactions.execute(status -> {
            Account account = book.lock(bank, number);
            if (account == null || account.balance() < amount.asLong()) {
                return false;
            }
            book.book(bank, new Entry(number, "SPENT", -amount.asLong(), null, null, null));
            return true;
        });
        if (Boolean.TRUE.equals(spent)) {
            answer(response, 200, Map.of("spent", amount.asLong()));
        } else {
            problem(response, 409, "Account " + number + " has not got that much");
        }
    }

    private static byte[] read(HttpServletRequest request) throws IOException {
        try (InputStream in = request.getInputStream()) {
            return in.readNBytes(MAX_BODY);
        }
    }

    private static void problem(HttpServletResponse response, int status, String title) throws IOException {
        answer(response, status, Map.of("title", title));
    }

    private static void answer(HttpServletResponse response, int status, Object content) throws IOException {
        byte[] bytes = JSON.writeValueAsBytes(Objects.requireNonNull(content));
        response.setStatus(status);
        response.setContentType("application/json");
        response.setContentLength(bytes.length);
        response.getOutputStream().write(bytes);
    }
}
