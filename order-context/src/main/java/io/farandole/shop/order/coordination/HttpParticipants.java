package io.farandole.shop.order.coordination;

import io.farandole.shop.kernel.Money;
import io.farandole.shop.order.ordering.Line;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Stock and payment over HTTP. What they do goes by the order's id, so to ask again is safe; anything but a definite answer is
 * unknown. Blocks the calling thread for a bounded time; thread-safe.
 */
final class HttpParticipants {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final CoordinationSettings settings;
    private final String stock;
    private final String payment;
    private final HttpClient client;

    HttpParticipants(CoordinationSettings settings) {
        this.settings = settings;
        this.stock = base(settings.stockUrl());
        this.payment = base(settings.paymentUrl());
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(settings.connectTimeout())
                .build();
    }

    ParticipantAnswer reserve(ParticipantRequest request) {
        return ask(
                Set.of("HELD", "CONFIRMED"),
                request(stock + "/reservations/" + request.orderId())
                        .PUT(BodyPublishers.ofString(
                                JSON.writeValueAsString(Map.of("lines", quantities(request.lines()))))));
    }

    ParticipantAnswer confirm(ParticipantRequest request) {
        return ask(
                Set.of("CONFIRMED"),
                request(stock + "/reservations/" + request.orderId() + "/confirmation")
                        .POST(BodyPublishers.noBody()));
    }

    ParticipantAnswer release(ParticipantRequest request) {
        return ask(
                Set.of("CANCELLED", "EXPIRED", "REFUSED"),
                request(stock + "/reservations/" + request.orderId()).DELETE());
    }

    ParticipantAnswer charge(ParticipantRequest request) {
        Money amount = Objects.requireNonNull(request.amount(), "amount");
        String token = Objects.requireNonNull(request.paymentToken(), "paymentToken");
        return ask(
                Set.of("CHARGED"),
                request(payment + "/charges/" + request.orderId())
                        .PUT(BodyPublishers.ofString(JSON.writeValueAsString(Map.of(
                                "amount",
                                Map.of("amount", amount.amount(), "currency", amount.currency()),
                                "token",
                                token)))));
    }

    ParticipantAnswer refund(ParticipantRequest request) {
        return ask(
                Set.of("CANCELLED", "DECLINED"),
                request(payment + "/charges/" + request.orderId()).DELETE());
    }

    private HttpRequest.Builder request(String address) {
        return HttpRequest.newBuilder(URI.create(address))
                .timeout(settings.timeout())
                .header("Content-Type", "application/json");
    }

    /** {@code states} are those in which what was asked for is so. */
    private ParticipantAnswer ask(Set<String> states, HttpRequest.Builder request) {
        try {
            HttpResponse<String> response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return switch (response.statusCode()) {
                case 200 -> ended(states, JSON.readTree(response.body()));
                case 202 -> ParticipantAnswer.unknown("under way");
                case 409 -> refused(JSON.readTree(response.body()));
                default -> ParticipantAnswer.unknown("status " + response.statusCode());
            };
        } catch (HttpTimeoutException e) {
            return ParticipantAnswer.unknown("no answer within the time-out");
        } catch (IOException e) {
            return ParticipantAnswer.unknown("connection: " + e.getClass().getSimpleName());
        } catch (JacksonException e) {
            return ParticipantAnswer.unknown("an answer that is not JSON");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ParticipantAnswer.unknown("interrupted");
        }
    }

    private static ParticipantAnswer ended(Set<String> states, JsonNode answer) {
        String state = answer.path("state").asString("");
        if (states.contains(state)) {
            return ParticipantAnswer.done();
        }
        return state.equals("DECLINED")
                ? ParticipantAnswer.refused(answer.path("reason").asString("declined"))
                : ParticipantAnswer.unknown("an answer without a state that says whether it is so");
    }

    /** A 409 with no reason is not a participant's: "in progress", say. */
    private static ParticipantAnswer refused(JsonNode problem) {
        String reason = problem.path("reason").asString("");
        return reason.isEmpty() ? ParticipantAnswer.unknown("status 409") : ParticipantAnswer.refused(reason);
    }

    private static List<Map<String, Object>> quantities(List<Line> lines) {
        return lines.stream()
                .map(line -> Map.<String, Object>of("productId", line.productId(), "quantity", line.quantity()))
                .toList();
    }

    private static String base(@Nullable URI address) {
        String text = String.valueOf(address);
        return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    }
}
