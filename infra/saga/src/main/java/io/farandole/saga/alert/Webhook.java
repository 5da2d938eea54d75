package io.farandole.saga.alert;

import io.farandole.messaging.JsonCodec;
import io.farandole.saga.outside.Outcome;
import io.farandole.saga.outside.OutsideCallHandler;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/**
 * Posts alerts as JSON to an address, with header {@code Idempotency-Key}. Any answer of the 200s counts as taken; anything else is tried
 * again with back-off until the time limit of outside calls of kind {@code alert}. Thread-safe.
 */
public final class Webhook implements OutsideCallHandler<Alert, AlertTold> {

    /** The kind of these outside calls. */
    public static final String KIND = "alert";

    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final int HUNDRED = 100;

    private final URI address;
    private final JsonCodec codec;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(TIMEOUT).build();

    /** A webhook at that address. */
    public Webhook(URI address, JsonCodec codec) {
        this.address = address;
        this.codec = codec;
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public Class<Alert> requestType() {
        return Alert.class;
    }

    @Override
    public Class<AlertTold> resultType() {
        return AlertTold.class;
    }

    @Override
    public Outcome<AlertTold> call(Alert alert, String idempotencyKey) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(address)
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", idempotencyKey)
                .POST(HttpRequest.BodyPublishers.ofString(codec.write(alert)))
                .build();
        int status = http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        return status / HUNDRED == 2
                ? Outcome.known(new AlertTold(alert.id(), true))
                : Outcome.unknown("the webhook answered " + status);
    }

    @Override
    public Object command(Alert alert, AlertTold told) {
        return told;
    }

    @Override
    public AlertTold onTimeLimit(Alert alert) {
        return new AlertTold(alert.id(), false);
    }
}
