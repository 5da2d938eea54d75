package io.farandole.acceptance.checker;

import io.farandole.acceptance.checker.ShopAddresses.Database;
import io.farandole.acceptance.checker.Sources.LedgerBalance;
import io.farandole.acceptance.checker.Sources.OpenWork;
import io.farandole.acceptance.checker.Sources.PaymentBalance;
import io.farandole.acceptance.checker.Sources.ProductBalance;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Currency;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Gathers what a check needs from a running shop: the journals by JDBC, what is shown over HTTP. */
public final class LiveSources {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    /** Each answer is short and there are thousands: one at a time, a check would mostly wait. */
    private static final int ASKED_AT_ONCE = 8;

    private final ShopAddresses shop;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    private LiveSources(ShopAddresses shop) {
        this.shop = shop;
    }

    /**
     * Reads everything, once.
     *
     * @param accepted orders that a client was told {@code 202} for
     * @throws IOException if a service does not answer
     * @throws SQLException if a database does not
     */
    public static Sources gather(ShopAddresses shop, Set<String> accepted)
            throws IOException, SQLException, InterruptedException {
        return new LiveSources(shop).gather(accepted);
    }

    private Sources gather(Set<String> accepted) throws IOException, SQLException, InterruptedException {
        Map<String, List<JournalRow>> journals = new LinkedHashMap<>();
        List<OpenWork> open = new ArrayList<>();
        for (Map.Entry<String, Database> entry : shop.databases().entrySet()) {
            Database database = entry.getValue();
            try (Connection connection =
                    DriverManager.getConnection(database.url(), database.user(), database.password())) {
                journals.put(entry.getKey(), JournalReader.rows(connection, entry.getKey()));
                open.addAll(JournalReader.openWork(connection, entry.getKey()));
            }
        }
        Set<String> orderIds = new TreeSet<>(Books.of(Sources.of(journals)).orders());
        return new Sources(
                journals, accepted, orders(orderIds), products(journals), payments(orderIds), ledger(), open);
    }

    private Map<String, String> orders(Set<String> orderIds) throws IOException, InterruptedException {
        Map<String, String> orders = new LinkedHashMap<>();
        all(shop.orders(), "/orders/", orderIds)
                .forEach((orderId, it) -> orders.put(orderId, it.path("status").asString("")));
        return orders;
    }

    private List<ProductBalance> products(Map<String, List<JournalRow>> journals)
            throws IOException, InterruptedException {
        Set<String> productIds = new TreeSet<>();
        journals.getOrDefault("stock", List.of()).stream()
                .filter(row -> row.payloadType().equals("stock.goods-received"))
                .forEach(row -> productIds.add(
                        Books.json(row.payload()).path("productId").asString("")));
        List<ProductBalance> products = new ArrayList<>();
        all(shop.stock(), "/products/", productIds)
                .forEach((productId, it) -> products.add(new ProductBalance(
                        productId,
                        it.path("available").asLong(0),
                        it.path("reserved").asLong(0),
                        it.path("sold").asLong(0))));
        return products;
    }

    private List<PaymentBalance> payments(Set<String> orderIds) throws IOException, InterruptedException {
        List<PaymentBalance> payments = new ArrayList<>();
        all(shop.payments(), "/payments/", orderIds)
                .forEach((orderId, it) -> payments.add(new PaymentBalance(
                        orderId,
                        it.path("status").asString(""),
                        minor(it.path("captured")),
                        minor(it.path("refunded")))));
        return payments;
    }

    private List<LedgerBalance> ledger() throws IOException, InterruptedException {
        List<LedgerBalance> ledger = new ArrayList<>();
        Optional<JsonNode> entries = get(shop.provider(), "/ledger");
        if (entries.isPresent()) {
            for (JsonNode it : entries.get()) {
                ledger.add(new LedgerBalance(
                        it.path("paymentId").asString(""),
                        it.path("authorized").asLong(0),
                        it.path("captured").asLong(0),
                        it.path("refunded").asLong(0),
                        it.path("voided").asBoolean(false),
                        it.path("authorizations").asInt(0),
                        it.path("captures").asInt(0),
                        it.path("refunds").asInt(0)));
            }
        }
        return ledger;
    }

    private static long minor(JsonNode amount) {
        if (!amount.path("amount").isString()) {
            return 0;
        }
        int decimals =
                Currency.getInstance(amount.path("currency").asString("")).getDefaultFractionDigits();
        return new BigDecimal(amount.path("amount").stringValue())
                .movePointRight(decimals)
                .longValueExact();
    }

    /** What is shown under each of these ids, in their order; an id that nothing is shown under is left out. */
    private Map<String, JsonNode> all(@Nullable URI base, String folder, Set<String> ids)
            throws IOException, InterruptedException {
        ExecutorService threads = Executors.newFixedThreadPool(ASKED_AT_ONCE);
        try {
            Map<String, Future<Optional<JsonNode>>> asked = new LinkedHashMap<>();
            ids.forEach(id -> asked.put(id, threads.submit(() -> get(base, folder + id))));
            Map<String, JsonNode> shown = new LinkedHashMap<>();
            for (Map.Entry<String, Future<Optional<JsonNode>>> answer : asked.entrySet()) {
                answer.getValue().get().ifPresent(it -> shown.put(answer.getKey(), it));
            }
            return shown;
        } catch (ExecutionException e) {
            throw new IOException("Not everything under " + folder + " could be read: " + e.getCause(), e.getCause());
        } finally {
            threads.shutdownNow();
        }
    }

    private Optional<JsonNode> get(@Nullable URI base, String path) throws IOException, InterruptedException {
        if (base == null) {
            return Optional.empty();
        }
        HttpRequest request =
                HttpRequest.newBuilder(base.resolve(path)).timeout(TIMEOUT).build();
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() == 404) {
            return Optional.empty();
        }
        if (response.statusCode() != 200) {
            throw new IOException(request.uri() + " answered " + response.statusCode());
        }
        return Optional.of(Books.json(response.body()));
    }
}
