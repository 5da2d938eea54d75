package io.farandole.shop.order.coordination;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Stock and payment, as a coordinator sees them, in one server: how they behave is chosen by the product ({@code p-refused}, {@code
 * p-silent}, {@code p-expired}, {@code p-stuck}) and by the token ({@code tok_declined}, {@code tok_later}, {@code tok_silent}).
 */
final class ScriptedParticipants implements AutoCloseable {

    private final Map<String, List<String>> calls = new ConcurrentHashMap<>();
    private final Map<String, String> bodies = new ConcurrentHashMap<>();
    private final ExecutorService threads = Executors.newFixedThreadPool(8);
    private final HttpServer server;

    ScriptedParticipants() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** What was asked for an order, in that order; what was asked again right away stands once. */
    List<String> askedFor(String orderId) {
        List<String> distinct = new ArrayList<>();
        for (String call : allAskedFor(orderId)) {
            if (distinct.isEmpty() || !distinct.get(distinct.size() - 1).equals(call)) {
                distinct.add(call);
            }
        }
        return distinct;
    }

    /** The same with each repetition. */
    List<String> allAskedFor(String orderId) {
        List<String> all = calls.getOrDefault(orderId, List.of());
        synchronized (all) {
            return List.copyOf(all);
        }
    }

    private void answer(HttpExchange exchange) throws IOException {
        String[] path = exchange.getRequestURI().getPath().split("/", -1);
        String orderId = path[2];
        String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        String said = bodies.merge(orderId, body, String::concat);
        String call = exchange.getRequestMethod() + " " + path[1] + (path.length > 3 ? "/" + path[3] : "");
        List<String> all = calls.computeIfAbsent(orderId, id -> new ArrayList<>());
        long times;
        synchronized (all) {
            all.add(call);
            times = all.stream().filter(call::equals).count();
        }
        switch (call) {
            case "PUT reservations" -> reserve(exchange, said);
            case "PUT charges" -> charge(exchange, said, times);
            case "POST reservations/confirmation" ->
                reply(
                        exchange,
                        said.contains("p-expired") ? 409 : 200,
                        said.contains("p-expired") ? "{\"reason\":\"expired\"}" : "{\"state\":\"CONFIRMED\"}");
            case "DELETE charges" ->
                reply(
                        exchange,
                        times < 2 ? 202 : 200,
                        "{\"state\":\"" + (times < 2 ? "CANCELLING" : "CANCELLED") + "\"}");
            default ->
                reply(
                        exchange,
                        said.contains("p-stuck") ? 409 : 200,
                        said.contains("p-stuck") ? "{\"reason\":\"confirmed\"}" : "{\"state\":\"CANCELLED\"}");
        }
    }

    private static void reserve(HttpExchange exchange, String said) throws IOException {
        if (said.contains("p-refused")) {
            reply(exchange, 409, "{\"reason\":\"insufficient-stock\"}");
        } else if (said.contains("p-silent")) {
            reply(exchange, 503, "{}");
        } else {
            reply(exchange, 200, "{\"state\":\"HELD\"}");
        }
    }

    private static void charge(HttpExchange exchange, String said, long times) throws IOException {
        if (said.contains("tok_declined")) {
            reply(exchange, 200, "{\"state\":\"DECLINED\",\"reason\":\"declined\"}");
        } else if (said.contains("tok_silent")) {
            exchange.close();
        } else if (said.contains("tok_later") && times < 4) {
            reply(exchange, 202, "{\"state\":\"CHARGING\"}");
        } else {
            reply(exchange, 200, "{\"state\":\"CHARGED\"}");
        }
    }

    private static void reply(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
