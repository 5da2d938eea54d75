package io.farandole.acceptance.checker;

import io.farandole.acceptance.checker.Books.Book;
import io.farandole.acceptance.checker.Sources.ProductBalance;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/**
 * I2: pieces neither appear nor vanish. Folds stock's own events about pieces: never more are given away than are there, what
 * an order holds at the end is what it bought, and what is shown is the fold.
 */
final class StockCheck {

    private final Map<String, Shelf> shelves = new LinkedHashMap<>();
    private final Map<String, Map<String, Long>> held = new LinkedHashMap<>();
    private final Consumer<Violation> report;

    private StockCheck(Consumer<Violation> report) {
        this.report = report;
    }

    static void run(Sources sources, Books books, Consumer<Violation> report) {
        StockCheck check = new StockCheck(report);
        sources.journals().getOrDefault("stock", List.of()).stream()
                .filter(JournalRow::own)
                .forEach(check::fold);
        check.compareWithOrders(books);
        sources.products().forEach(check::compareWithView);
    }

    private void fold(JournalRow row) {
        long sign =
                switch (row.payloadType()) {
                    case "stock.goods-received" -> 0;
                    case "stock.pieces-reserved" -> -1;
                    case "stock.pieces-released", "stock.pieces-taken-back" -> 1;
                    default -> 2;
                };
        if (sign == 2) {
            return;
        }
        JsonNode body = Books.json(row.payload());
        String productId = body.path("productId").asString("");
        long quantity = body.path("quantity").asLong(0);
        Shelf shelf = shelves.computeIfAbsent(productId, id -> new Shelf());
        if (sign == 0) {
            shelf.received += quantity;
            shelf.available += quantity;
            return;
        }
        String orderId = body.path("orderId").asString("");
        shelf.available += sign * quantity;
        long holds = held.computeIfAbsent(orderId, id -> new LinkedHashMap<>())
                .merge(productId, -sign * quantity, Long::sum);
        if (shelf.available < 0) {
            report.accept(new Violation(
                    "I2",
                    productId,
                    "oversold: " + shelf.available + " available after " + row + " for order " + orderId));
        }
        if (holds < 0) {
            report.accept(new Violation(
                    "I2", orderId, "gave back " + -holds + " of " + productId + " that it did not hold, in " + row));
        }
    }

    private void compareWithOrders(Books books) {
        for (String orderId : books.orders()) {
            Book book = books.book(orderId);
            Map<String, Long> expected = book.isSale() ? book.quantities() : Map.of();
            Map<String, Long> actual = new LinkedHashMap<>(held.getOrDefault(orderId, Map.of()));
            actual.values().removeIf(it -> it == 0);
            if (!actual.equals(expected)) {
                report.accept(new Violation("I2", orderId, "holds " + actual + " in stock, but bought " + expected));
            }
        }
        held.keySet().stream()
                .filter(orderId -> !books.orders().contains(orderId))
                .forEach(orderId -> report.accept(
                        new Violation("I2", orderId, "holds " + held.get(orderId) + ", but nobody knows this order")));
    }

    private void compareWithView(ProductBalance shown) {
        Shelf shelf = shelves.getOrDefault(shown.productId(), new Shelf());
        long given = shelf.received - shelf.available;
        boolean adds = shelf.received == shown.available() + shown.reserved() + shown.sold();
        if (!adds || shown.available() != shelf.available || shown.reserved() != 0 || shown.sold() != given) {
            report.accept(new Violation(
                    "I2",
                    shown.productId(),
                    "shown is " + shown + ", the journal says received " + shelf.received + ", available "
                            + shelf.available + ", reserved 0, sold " + given));
        }
    }

    private static final class Shelf {
        private long received;
        private long available;
    }
}
