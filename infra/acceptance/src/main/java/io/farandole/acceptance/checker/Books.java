package io.farandole.acceptance.checker;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What each context itself published about each order, in its own order; a return counts for the order that it takes back. */
final class Books {

    private static final JsonMapper JSON = new JsonMapper();

    private final Map<String, Book> byOrder = new LinkedHashMap<>();

    private Books() {}

    static Books of(Sources sources) {
        Books books = new Books();
        sources.journals()
                .values()
                .forEach(rows -> rows.stream().filter(JournalRow::isPublished).forEach(books::enter));
        return books;
    }

    /** Every order that any context told about. */
    Set<String> orders() {
        return byOrder.keySet();
    }

    Book book(String orderId) {
        return byOrder.getOrDefault(orderId, new Book(orderId));
    }

    private void enter(JournalRow row) {
        JsonNode body = JSON.readTree(row.wireBody());
        JsonNode orderId = body.path("orderId");
        if (orderId.isString()) {
            byOrder.computeIfAbsent(orderId.stringValue(), Book::new).enter(row, body);
        }
    }

    static JsonNode json(String text) {
        return JSON.readTree(text);
    }

    /** One order's story. */
    static final class Book {

        private final String orderId;
        private final List<Entry> entries = new ArrayList<>();

        Book(String orderId) {
            this.orderId = orderId;
        }

        void enter(JournalRow row, JsonNode body) {
            String wireType = row.wireType() == null ? "" : row.wireType();
            entries.add(new Entry(wireType.replaceFirst("\\.v[0-9]+$", ""), row, body));
        }

        String orderId() {
            return orderId;
        }

        boolean has(String type) {
            return !all(type).isEmpty();
        }

        List<Entry> all(String type) {
            return entries.stream().filter(it -> it.type().equals(type)).toList();
        }

        List<Entry> of(String context) {
            return entries.stream()
                    .filter(it -> it.row().context().equals(context))
                    .toList();
        }

        /** Whether it is a sale that stands: confirmed, and neither cancelled nor returned. */
        boolean isSale() {
            return has("order.order-confirmed") && !has("order.order-cancelled") && !has("order.order-returned");
        }

        long sum(String type, String amount) {
            return all(type).stream()
                    .mapToLong(it -> it.body().path(amount).path("minor").asLong(0))
                    .sum();
        }

        /** Quantities by product; empty if the order was never placed. */
        Map<String, Long> quantities() {
            Map<String, Long> quantities = new LinkedHashMap<>();
            all("order.order-placed").forEach(it -> it.body()
                    .path("lines")
                    .forEach(line -> quantities.merge(
                            line.path("productId").asString(""),
                            line.path("quantity").asLong(0),
                            Long::sum)));
            return quantities;
        }

        /** Price of all lines, recomputed. */
        long price() {
            long price = 0;
            for (Entry placed : all("order.order-placed")) {
                for (JsonNode line : placed.body().path("lines")) {
                    price += line.path("quantity").asLong(0)
                            * line.path("unitPrice").path("minor").asLong(0);
                }
            }
            return price;
        }

        Set<String> returns() {
            Set<String> ids = new LinkedHashSet<>();
            all("order.order-returned")
                    .forEach(it -> ids.add(it.body().path("returnId").asString("")));
            return ids;
        }
    }

    /** One published event. */
    record Entry(String type, JournalRow row, JsonNode body) {

        /** A text of the body; null if it is missing or null. */
        @Nullable String text(String field) {
            JsonNode node = body.path(field);
            return node.isString() ? node.stringValue() : null;
        }
    }
}
