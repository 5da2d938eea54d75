package io.farandole.shop.payment.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.shop.kernel.Money;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What every gateway keeps. */
abstract class PaymentGatewayContract {

    private static final Money AMOUNT = new Money(990, "EUR");

    private final String id = UUID.randomUUID().toString();

    abstract PaymentGateway gateway();

    @Test
    void authorizesCapturesAndRefunds() {
        assertThat(authorize("tok_ok")).isEqualTo(GatewayAnswer.done());
        assertThat(capture()).isEqualTo(GatewayAnswer.done());
        assertThat(refund()).isEqualTo(GatewayAnswer.done());
    }

    @Test
    void answersTheSameKeyAsBefore() {
        for (int i = 0; i < 3; i++) {
            assertThat(authorize("tok_ok")).isEqualTo(GatewayAnswer.done());
        }
        for (int i = 0; i < 3; i++) {
            assertThat(capture()).isEqualTo(GatewayAnswer.done());
        }
        for (int i = 0; i < 3; i++) {
            assertThat(refund()).isEqualTo(GatewayAnswer.done());
        }
        assertThat(gateway().refund(id, AMOUNT, id + ":again").kind()).isEqualTo(GatewayAnswer.Kind.REFUSED);
    }

    @Test
    void tellsARefusalFromAnOutage() {
        assertThat(authorize("tok_declined").kind()).isEqualTo(GatewayAnswer.Kind.REFUSED);
    }

    @Test
    void refusesACaptureWithoutRefusingItsVoid() {
        assertThat(authorize("tok_capture_fails")).isEqualTo(GatewayAnswer.done());
        assertThat(capture().kind()).isEqualTo(GatewayAnswer.Kind.REFUSED);
        assertThat(cancel()).isEqualTo(GatewayAnswer.done());
    }

    @Test
    void refusesAnAuthorizationThatComesAfterItsVoid() {
        assertThat(cancel()).isEqualTo(GatewayAnswer.done());
        assertThat(authorize("tok_ok").kind()).isEqualTo(GatewayAnswer.Kind.REFUSED);
    }

    @Test
    void capturesOrVoidsButNeverBoth() {
        authorize("tok_ok");
        capture();
        assertThat(cancel().kind()).isEqualTo(GatewayAnswer.Kind.REFUSED);

        gateway().authorize(id + "2", AMOUNT, "tok_ok", id + "2:a");
        gateway().cancel(id + "2", AMOUNT, id + "2:v");
        assertThat(gateway().capture(id + "2", AMOUNT, id + "2:c").kind()).isEqualTo(GatewayAnswer.Kind.REFUSED);
    }

    GatewayAnswer authorize(String token) {
        return gateway().authorize(id, AMOUNT, token, id + ":authorize");
    }

    private GatewayAnswer capture() {
        return gateway().capture(id, AMOUNT, id + ":capture");
    }

    private GatewayAnswer cancel() {
        return gateway().cancel(id, AMOUNT, id + ":void");
    }

    private GatewayAnswer refund() {
        return gateway().refund(id, AMOUNT, id + ":refund");
    }
}
