package io.farandole.provider;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Currency;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** HTTP in front of the book. Late answers are scheduled: they keep no thread waiting. */
final class ProviderHttp {

    private static final Logger log = LoggerFactory.getLogger(ProviderHttp.class);
    private static final JsonMapper JSON = new JsonMapper();
    private static final Set<String> CURRENCIES = Currency.getAvailableCurrencies().stream()
            .map(Currency::getCurrencyCode)
            .collect(Collectors.toUnmodifiableSet());
    private static final int MAX_BODY = 16 * 1024;
    private static final int MAX_KEY = 200;

    private final ProviderBook book;
    private final ScheduledExecutorService threads;
    private final Duration slowness;

    ProviderHttp(ProviderBook book, ScheduledExecutorService threads, Duration slowness) {
        this.book = book;
        this.threads = threads;
        this.slowness = slowness;
    }

    void operate(Operation operation, HttpExchange exchange) throws IOException {
        if (!exchange.getRequestMethod().equals("POST")) {
            answer(exchange, 405, problem("Only POST is answered here"));
            return;
        }
        byte[] body;
        try (InputStream in = exchange.getRequestBody()) {
            body = in.readNBytes(MAX_BODY + 1);
        }
        String key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
        String complaint = body.length > MAX_BODY
                ? "The body is longer than " + MAX_BODY + " bytes"
                : key == null || key.isBlank() || key.length() > MAX_KEY
                        ? "The header Idempotency-Key is missing or too long"
                        : null;
        ProviderRequest request = complaint == null ? parse(body) : null;
        if (request == null || key == null || !isValid(operation, request)) {
            answer(exchange, 400, problem(complaint == null ? "The body is not a valid request" : complaint));
            return;
        }
        Answer answer = book.handle(operation, key, request);
        log.debug("{} {} under {}: {}", operation, request.paymentId(), key, answer);
        Object content = answer.result() != null ? answer.result() : problem(reasonOf(answer));
        if (answer.late()) {
            ScheduledFuture<?> unused = threads.schedule(
                    () -> answerLate(exchange, answer.status(), content), slowness.toMillis(), TimeUnit.MILLISECONDS);
        } else {
            answer(exchange, answer.status(), content);
        }
    }

    void ledger(HttpExchange exchange) throws IOException {
        answer(exchange, 200, book.ledger());
    }

    void payment(HttpExchange exchange) throws IOException {
        String id = exchange.getRequestURI().getPath().substring("/payments/".length());
        Optional<LedgerEntry> found = book.find(id);
        answer(
                exchange,
                found.isPresent() ? 200 : 404,
                found.<Object>map(it -> it).orElse(problem("Unknown payment")));
    }

    void health(HttpExchange exchange) throws IOException {
        answer(exchange, 200, Map.of("status", "UP"));
    }

    void unknown(HttpExchange exchange) throws IOException {
        answer(exchange, 404, problem("There is nothing here"));
    }

    private static @Nullable ProviderRequest parse(byte[] body) {
        try {
            return JSON.readValue(body, ProviderRequest.class);
        } catch (JacksonException e) {
            return null;
        }
    }

    @SuppressWarnings("ConstantValue") // what came over the wire keeps no promise about nulls
    private static boolean isValid(Operation operation, ProviderRequest request) {
        if (request.paymentId() == null || request.paymentId().isBlank() || request.currency() == null) {
            return false;
        }
        if (operation == Operation.AUTHORIZE
                && (request.token() == null || request.token().isBlank())) {
            return false;
        }
        if (operation != Operation.VOID && request.amountMinor() <= 0) {
            return false;
        }
        return CURRENCIES.contains(request.currency());
    }

    private static String reasonOf(Answer answer) {
        return answer.status() == 409 ? "The idempotency key was used with another body" : "Out of order";
    }

    private static Map<String, String> problem(String title) {
        return Map.of("title", title);
    }

    private static void answerLate(HttpExchange exchange, int status, Object content) {
        try {
            answer(exchange, status, content);
        } catch (IOException e) {
            log.debug("The caller did not wait for a late answer", e);
        }
    }

    private static void answer(HttpExchange exchange, int status, Object content) throws IOException {
        byte[] bytes = JSON.writeValueAsBytes(content);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        try (OutputStream out = exchange.getResponseBody()) {
            out.write(bytes);
        }
        exchange.close();
    }
}
