package io.farandole.acceptance.checker;

import io.farandole.acceptance.checker.Books.Book;
import io.farandole.acceptance.checker.Books.Entry;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * I7: every process has come to exactly one end, the three contexts agree on it, and nothing happened after it. What each
 * context told about an order is read as a word, which has to be of that context's grammar.
 */
final class EndCheck {

    private static final Map<String, Character> LETTERS = letters();

    /** It may accept to wait; placed, payment requested; confirmed, and perhaps revoked or returned; or cancelled. */
    private static final Pattern ORDER = Pattern.compile("E?PQW?(C[XR]?|X)");

    /**
     * It may have waited. Reserved, and perhaps released or taken back; released although nobody asked for it (it expired, a person gave it up) and the sale
     * revoked thereupon, which is a return that stock has to answer; or rejected; or released before it was reserved.
     */
    private static final Pattern STOCK = Pattern.compile("N?(S(LT?|T)?|J|L)");

    /** Declined; voided; authorised, and then voided, captured (and paid back), or not captured and voided. */
    private static final Pattern PAYMENT = Pattern.compile("D|V|A(V|FV|K[UT]?)");

    private EndCheck() {}

    private static Map<String, Character> letters() {
        Map<String, Character> letters = new LinkedHashMap<>();
        letters.put("order.waiting-accepted", 'E');
        letters.put("order.order-placed", 'P');
        letters.put("order.payment-requested", 'Q');
        letters.put("order.delivery-requested", 'W');
        letters.put("order.order-confirmed", 'C');
        letters.put("order.order-cancelled", 'X');
        letters.put("order.order-returned", 'R');
        letters.put("stock.stock-awaited", 'N');
        letters.put("stock.stock-reserved", 'S');
        letters.put("stock.stock-reservation-rejected", 'J');
        letters.put("stock.stock-released", 'L');
        letters.put("stock.stock-returned", 'T');
        letters.put("payment.payment-authorized", 'A');
        letters.put("payment.payment-declined", 'D');
        letters.put("payment.payment-captured", 'K');
        letters.put("payment.payment-capture-failed", 'F');
        letters.put("payment.payment-voided", 'V');
        letters.put("payment.payment-refunded", 'U');
        return letters;
    }

    static void run(Sources sources, Books books, Consumer<Violation> report) {
        Set<String> contexts = sources.journals().keySet();
        for (String orderId : books.orders()) {
            Book book = books.book(orderId);
            grammar("order", ORDER, contexts, book, report);
            grammar("stock", STOCK, contexts, book, report);
            grammar("payment", PAYMENT, contexts, book, report);
            if (contexts.containsAll(Set.of("order", "stock", "payment"))) {
                agreement(book, report);
            }
            String shown = sources.orders().get(orderId);
            if (shown != null && !shown.equals(status(book))) {
                report.accept(
                        new Violation("I7", orderId, "shown as " + shown + ", but the journal says " + status(book)));
            } else if (shown == null && !sources.orders().isEmpty()) {
                report.accept(new Violation("I8", orderId, "is in the journal, but not to be read"));
            }
        }
        sources.accepted().stream()
                .filter(orderId -> !books.book(orderId).has("order.order-placed"))
                .forEach(orderId ->
                        report.accept(new Violation("I3", orderId, "was accepted, but is not in the order journal")));
        sources.openWork()
                .forEach(open -> report.accept(new Violation(
                        "I10",
                        open.processKey(),
                        "has not come to its end: " + open.what() + " in " + open.context())));
    }

    private static void grammar(
            String context, Pattern grammar, Set<String> contexts, Book book, Consumer<Violation> report) {
        if (!contexts.contains(context)) {
            return;
        }
        List<Entry> told = book.of(context);
        String word = told.stream().map(EndCheck::letter).collect(Collectors.joining());
        if (!grammar.matcher(word).matches()) {
            report.accept(new Violation(
                    "I7",
                    book.orderId(),
                    context + " told "
                            + (told.isEmpty()
                                    ? "nothing"
                                    : told.stream().map(Entry::type).toList())
                            + ", which is no complete story"));
        }
    }

    private static String letter(Entry entry) {
        if (entry.type().equals("payment.payment-refunded") && entry.text("returnId") != null) {
            return "T";
        }
        return String.valueOf(LETTERS.getOrDefault(entry.type(), '?'));
    }

    private static void agreement(Book book, Consumer<Violation> report) {
        boolean confirmed = book.has("order.order-confirmed");
        boolean cancelled = book.has("order.order-cancelled");
        boolean returned = book.has("order.order-returned");
        boolean sold = book.has("stock.stock-reserved")
                && !book.has("stock.stock-released")
                && !book.has("stock.stock-returned");
        boolean paid = book.has("payment.payment-captured") && !book.has("payment.payment-refunded");
        if (book.isSale() && !(sold && paid)) {
            disagree(
                    book,
                    "the order is confirmed, but it is " + (sold ? "" : "not ") + "sold and " + (paid ? "" : "not ")
                            + "paid",
                    report);
        }
        if ((cancelled || returned) && (sold || paid)) {
            disagree(book, "the order has ended without a sale, but it is " + (sold ? "sold" : "paid"), report);
        }
        if (confirmed && !book.has("payment.payment-authorized")) {
            disagree(book, "the order is confirmed, but its payment was never authorised", report);
        }
        for (String returnId : book.returns()) {
            settledOnce(book, "stock.stock-returned", returnId, report);
            settledOnce(book, "payment.payment-refunded", returnId, report);
        }
    }

    private static void settledOnce(Book book, String type, String returnId, Consumer<Violation> report) {
        long times = book.all(type).stream()
                .filter(it -> returnId.equals(it.text("returnId")))
                .count();
        if (times != 1) {
            report.accept(new Violation(
                    "I7", returnId, "the return of order " + book.orderId() + " has " + times + " times " + type));
        }
    }

    private static void disagree(Book book, String message, Consumer<Violation> report) {
        report.accept(new Violation("I7", book.orderId(), "the contexts disagree: " + message));
    }

    private static String status(Book book) {
        return book.has("order.order-returned")
                ? "RETURNED"
                : book.has("order.order-cancelled")
                        ? "CANCELLED"
                        : book.has("order.order-confirmed") ? "CONFIRMED" : "PENDING";
    }
}
