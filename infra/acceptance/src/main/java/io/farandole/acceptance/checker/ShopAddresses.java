package io.farandole.acceptance.checker;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a running shop can be asked.
 *
 * @param databases by context
 * @param orders the order service; null leaves what it shows unchecked
 * @param stock the stock service; null leaves what it shows unchecked
 * @param payments the payment service; null leaves what it shows unchecked
 * @param provider the payment provider; null leaves its ledger unchecked
 */
public record ShopAddresses(
        Map<String, Database> databases,
        @Nullable URI orders,
        @Nullable URI stock,
        @Nullable URI payments,
        @Nullable URI provider) {

    /** The contexts of the shop. */
    public static final List<String> CONTEXTS = List.of("order", "stock", "payment");

    /** A database, and a role that may read it. */
    public record Database(String url, String user, String password) {

        /** Leaves the password out. */
        @Override
        public String toString() {
            return "Database[" + url + " as " + user + "]";
        }
    }

    /**
     * As {@code infra/services env} names them: {@code ORDER_DB_URL}, {@code ORDER_DB_USER}, {@code ORDER_DB_PASSWORD} and so
     * on for each context; and the addresses {@code ORDER_URL}, {@code STOCK_URL}, {@code PAYMENT_URL}, {@code PROVIDER_URL}.
     *
     * @throws IllegalArgumentException if a database is missing, naming the variable
     */
    static ShopAddresses of(Map<String, String> environment) {
        Map<String, Database> databases = new LinkedHashMap<>();
        for (String context : CONTEXTS) {
            String prefix = context.toUpperCase(Locale.ROOT) + "_";
            databases.put(
                    context,
                    new Database(
                            require(environment, prefix + "DB_URL"),
                            require(environment, prefix + "DB_USER"),
                            require(environment, prefix + "DB_PASSWORD")));
        }
        return new ShopAddresses(
                databases,
                uri(environment.get("ORDER_URL")),
                uri(environment.get("STOCK_URL")),
                uri(environment.get("PAYMENT_URL")),
                uri(environment.get("PROVIDER_URL")));
    }

    private static String require(Map<String, String> environment, String name) {
        String value = environment.get(name);
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException(
                    "The environment variable " + name + " is missing: eval \"$(infra/services env)\" sets it");
        }
        return value;
    }

    private static @Nullable URI uri(@Nullable String address) {
        return address == null || address.isBlank() ? null : URI.create(address);
    }
}
