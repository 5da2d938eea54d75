package io.farandole.bench.load;

import java.util.Map;

/**
 * What a contender in a process of its own is told through its environment.
 *
 * @param orderUrl JDBC URL of the order database (CONTENDER_ORDER_URL)
 * @param stockUrl JDBC URL of the stock database (CONTENDER_STOCK_URL)
 * @param paymentUrl JDBC URL of the payment database (CONTENDER_PAYMENT_URL)
 * @param dbUser owner of the three databases (CONTENDER_DB_USER)
 * @param dbPassword its password (CONTENDER_DB_PASSWORD)
 * @param rabbitHost host of the broker (CONTENDER_RABBIT_HOST)
 * @param rabbitPort AMQP port of the broker (CONTENDER_RABBIT_PORT)
 * @param rabbitVhost virtual host, empty at the beginning (CONTENDER_RABBIT_VHOST)
 * @param rabbitUser user who may do everything in it (CONTENDER_RABBIT_USER)
 * @param rabbitPassword its password (CONTENDER_RABBIT_PASSWORD)
 * @param workload the workload (CONTENDER_ITEMS)
 */
public record ContenderSettings(
        String orderUrl,
        String stockUrl,
        String paymentUrl,
        String dbUser,
        String dbPassword,
        String rabbitHost,
        int rabbitPort,
        String rabbitVhost,
        String rabbitUser,
        String rabbitPassword,
        Workload workload) {

    /** From this process' environment. */
    public static ContenderSettings fromEnvironment() {
        return from(System.getenv());
    }

    /** From variables; every one is needed. */
    public static ContenderSettings from(Map<String, String> variables) {
        return new ContenderSettings(
                text(variables, "ORDER_URL"),
                text(variables, "STOCK_URL"),
                text(variables, "PAYMENT_URL"),
                text(variables, "DB_USER"),
                text(variables, "DB_PASSWORD"),
                text(variables, "RABBIT_HOST"),
                number(variables, "RABBIT_PORT"),
                text(variables, "RABBIT_VHOST"),
                text(variables, "RABBIT_USER"),
                text(variables, "RABBIT_PASSWORD"),
                new Workload(number(variables, "ITEMS")));
    }

    /**
     * As the variables that {@link #from} reads.
     *
     * @throws IllegalStateException for any workload but the usual one, which they cannot tell
     */
    public Map<String, String> toVariables() {
        if (!workload.equals(new Workload(workload.items()))) {
            throw new IllegalStateException(
                    "Processes of their own are given the usual workload only, not " + workload);
        }
        return Map.ofEntries(
                Map.entry("CONTENDER_ORDER_URL", orderUrl),
                Map.entry("CONTENDER_STOCK_URL", stockUrl),
                Map.entry("CONTENDER_PAYMENT_URL", paymentUrl),
                Map.entry("CONTENDER_DB_USER", dbUser),
                Map.entry("CONTENDER_DB_PASSWORD", dbPassword),
                Map.entry("CONTENDER_RABBIT_HOST", rabbitHost),
                Map.entry("CONTENDER_RABBIT_PORT", Integer.toString(rabbitPort)),
                Map.entry("CONTENDER_RABBIT_VHOST", rabbitVhost),
                Map.entry("CONTENDER_RABBIT_USER", rabbitUser),
                Map.entry("CONTENDER_RABBIT_PASSWORD", rabbitPassword),
                Map.entry("CONTENDER_ITEMS", Integer.toString(workload.items())));
    }

    private static int number(Map<String, String> variables, String name) {
        String text = text(variables, name);
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("The variable CONTENDER_" + name + " must be a number, not " + text, e);
        }
    }

    private static String text(Map<String, String> variables, String name) {
        String text = variables.get("CONTENDER_" + name);
        if (text == null) {
            throw new IllegalArgumentException("The variable CONTENDER_" + name + " is missing");
        }
        return text;
    }

    /** Without the passwords. */
    @Override
    public String toString() {
        return "ContenderSettings[" + orderUrl + ", " + stockUrl + ", " + paymentUrl + ", " + rabbitHost + ":"
                + rabbitPort + "/" + rabbitVhost + ", " + workload + "]";
    }
}
