package io.farandole.shop.payment.gateway;

import io.farandole.shop.kernel.Money;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The provider over HTTP: {@code POST /authorizations}, {@code /captures}, {@code /voids}, {@code /refunds}, each with the
 * header {@code Idempotency-Key}. Anything but a well-formed {@code 200} is unknown: asking again under the same key is
 * safe, and guessing is not.
 */
public final class HttpPaymentGateway implements PaymentGateway {

    private static final JsonMapper JSON = new JsonMapper();

    private final ProviderSettings settings;
    private final String base;
    private final HttpClient client;

    public HttpPaymentGateway(ProviderSettings settings) {
        this.settings = settings;
        String url = settings.url().toString();
        this.base = url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(settings.connectTimeout())
                .build();
    }

    @Override
    public GatewayAnswer authorize(String paymentId, Money amount, String token, String idempotencyKey) {
        return post("/authorizations", "authorized", body(paymentId, amount, token), idempotencyKey);
    }

    @Override
    public GatewayAnswer capture(String paymentId, Money amount, String idempotencyKey) {
        return post("/captures", "captured", body(paymentId, amount, null), idempotencyKey);
    }

    @Override
    public GatewayAnswer cancel(String paymentId, Money amount, String idempotencyKey) {
        return post("/voids", "voided", body(paymentId, amount, null), idempotencyKey);
    }

    @Override
    public GatewayAnswer refund(String paymentId, Money amount, String idempotencyKey) {
        return post("/refunds", "refunded", body(paymentId, amount, null), idempotencyKey);
    }

    private GatewayAnswer post(String path, String done, Body body, String idempotencyKey) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(base + path))
                .timeout(settings.timeout())
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", idempotencyKey)
                .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)))
                .build();
        try {
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            return response.statusCode() == 200
                    ? read(response.body(), done)
                    : GatewayAnswer.unknown("status " + response.statusCode());
        } catch (HttpTimeoutException e) {
            return GatewayAnswer.unknown("no answer within the time-out");
        } catch (IOException e) {
            return GatewayAnswer.unknown("connection: " + e.getClass().getSimpleName());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return GatewayAnswer.unknown("interrupted");
        }
    }

    private static GatewayAnswer read(String json, String done) {
        try {
            Reply reply = JSON.readValue(json, Reply.class);
            if (reply != null && done.equals(reply.status())) {
                return GatewayAnswer.done();
            }
            if (reply != null && "declined".equals(reply.status())) {
                return GatewayAnswer.refused(reply.reason() == null ? "declined" : reply.reason());
            }
        } catch (JacksonException e) {
            return GatewayAnswer.unknown("an answer that is not JSON");
        }
        return GatewayAnswer.unknown("an answer without a known status");
    }

    private static Body body(String paymentId, Money amount, @Nullable String token) {
        return new Body(paymentId, amount.minor(), amount.currency(), token);
    }

    private record Body(String paymentId, long amountMinor, String currency, @Nullable String token) {

        /** Leaves the token out: it is a secret. */
        @Override
        public String toString() {
            return "Body[paymentId=" + paymentId + "]";
        }
    }

    private record Reply(@Nullable String status, @Nullable String reason) {}
}
