package io.farandole.shop.payment.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.farandole.provider.StandInProvider;
import io.farandole.shop.kernel.Money;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpPaymentGatewayIT extends PaymentGatewayContract {

    private static final Money AMOUNT = new Money(990, "EUR");

    private final StandInProvider provider = StandInProvider.start(0);
    private final HttpPaymentGateway gateway = gateway(provider.uri(), Duration.ofSeconds(10));

    @Override
    PaymentGateway gateway() {
        return gateway;
    }

    @AfterEach
    void stop() {
        provider.close();
    }

    @Test
    void doesNotKnowWhatBecameOfAFlakyCallUntilItIsAnswered() {
        assertThat(authorize("tok_flaky").kind()).isEqualTo(GatewayAnswer.Kind.UNKNOWN);
        assertThat(authorize("tok_flaky").kind()).isEqualTo(GatewayAnswer.Kind.UNKNOWN);
        assertThat(authorize("tok_flaky")).isEqualTo(GatewayAnswer.done());
        assertThat(provider.ledger()).singleElement().satisfies(it -> assertThat(it.authorizations())
                .isEqualTo(1));
    }

    @Test
    void doesNotKnowWhatBecameOfACallWithoutAnAnswerInTime() {
        HttpPaymentGateway impatient = gateway(provider.uri(), Duration.ofMillis(300));
        GatewayAnswer answer = impatient.authorize("o-1", AMOUNT, "tok_slow", "o-1:authorize");
        assertThat(answer).isEqualTo(GatewayAnswer.unknown("no answer within the time-out"));
        assertThat(gateway.authorize("o-1", AMOUNT, "tok_slow", "o-1:authorize"))
                .isEqualTo(GatewayAnswer.done());
    }

    @Test
    void doesNotKnowWhatBecameOfACallThatNobodyAnswered() {
        provider.close();
        assertThat(gateway.authorize("o-1", AMOUNT, "tok_ok", "k").kind()).isEqualTo(GatewayAnswer.Kind.UNKNOWN);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "<html/>",
                "{\"status\":\"maybe\"}",
                "{\"status\":null}",
                "{\"status\":\"voided\"}"
            })
    void takesAnAnswerItCannotReadForNone(String body) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        server.createContext("/", exchange -> {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
        try {
            URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
            GatewayAnswer answer =
                    gateway(uri, Duration.ofSeconds(5)).authorize("o-1", AMOUNT, "tok_secret", "o-1:authorize");
            assertThat(answer.kind()).isEqualTo(GatewayAnswer.Kind.UNKNOWN);
            assertThat(answer.toString()).doesNotContain("tok_secret");
        } finally {
            server.stop(0);
        }
    }

    private static HttpPaymentGateway gateway(URI uri, Duration timeout) {
        return new HttpPaymentGateway(new ProviderSettings(uri, Duration.ofSeconds(2), timeout));
    }
}
