package io.farandole.shop.payment.charging;

import static io.farandole.shop.payment.charging.Situation.AMOUNT;
import static io.farandole.shop.payment.charging.Situation.ORDER;
import static io.farandole.shop.payment.charging.Situation.RETURN;
import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.shop.kernel.order.v1.OrderCancelled;
import io.farandole.shop.kernel.order.v1.OrderConfirmed;
import io.farandole.shop.kernel.order.v1.OrderReturned;
import io.farandole.shop.kernel.order.v1.PaymentRequested;
import io.farandole.shop.kernel.stock.v1.StockReserved;
import io.farandole.shop.payment.charging.PaymentCommand.CancelCharge;
import io.farandole.shop.payment.charging.PaymentCommand.ConfirmCharge;
import io.farandole.shop.payment.charging.PaymentCommand.RequestCharge;
import io.farandole.shop.payment.charging.PaymentCommand.ReturnCharge;
import io.farandole.shop.payment.charging.PaymentCommand.SecureStock;
import io.farandole.shop.payment.charging.PaymentEvent.AuthorizationReleased;
import io.farandole.shop.payment.charging.PaymentEvent.AuthorizationStarted;
import io.farandole.shop.payment.charging.PaymentEvent.CaptureStarted;
import io.farandole.shop.payment.charging.PaymentEvent.CaptureUnresolved;
import io.farandole.shop.payment.charging.PaymentEvent.ChargeCaptured;
import io.farandole.shop.payment.charging.PaymentEvent.ChargeDeclined;
import io.farandole.shop.payment.charging.PaymentEvent.ChargeRefunded;
import io.farandole.shop.payment.charging.PaymentEvent.ChargeVoided;
import io.farandole.shop.payment.charging.PaymentEvent.RefundStarted;
import io.farandole.shop.payment.charging.PaymentEvent.ReturnRefundStarted;
import io.farandole.shop.payment.charging.PaymentEvent.ReturnRefunded;
import io.farandole.shop.payment.charging.PaymentEvent.VoidStarted;
import java.util.List;
import org.axonframework.test.saga.SagaTestFixture;
import org.axonframework.test.utils.CallbackBehavior;
import org.junit.jupiter.api.Test;

/** What each saga does with what it hears; the decisions are the payment's. */
class SagasTest {

    private static final PaymentRequested REQUESTED = new PaymentRequested(ORDER, AMOUNT, "tok_ok");
    private static final OrderReturned RETURNED = new OrderReturned(RETURN, ORDER, List.of(), AMOUNT);
    private static final CallbackBehavior CLOSED = (payload, metadata) -> false;

    private final RecordedCalls calls = new RecordedCalls();

    @Test
    void collectionTellsThePaymentWhatItHears() {
        saga(PaymentCollection.class)
                .givenNoPriorActivity()
                .whenPublishingA(REQUESTED)
                .expectActiveSagas(1)
                .expectDispatchedCommands(new RequestCharge(ORDER, AMOUNT));
        saga(PaymentCollection.class)
                .givenNoPriorActivity()
                .whenPublishingA(new StockReserved(ORDER))
                .expectActiveSagas(1)
                .expectDispatchedCommands(new SecureStock(ORDER));
        saga(PaymentCollection.class)
                .givenNoPriorActivity()
                .whenPublishingA(new OrderConfirmed(ORDER, AMOUNT))
                .expectActiveSagas(1)
                .expectDispatchedCommands(new ConfirmCharge(ORDER));
    }

    @Test
    void collectionAuthorizesWithTheTokenOnceAndForgetsIt() {
        saga(PaymentCollection.class)
                .givenAPublished(REQUESTED)
                .andThenAPublished(new StockReserved(ORDER))
                .andThenAPublished(REQUESTED)
                .whenPublishingA(new AuthorizationStarted(ORDER, AMOUNT))
                .expectActiveSagas(1)
                .expectNoDispatchedCommands();
        assertThat(calls.all).containsExactly("authorize o-1 990 tok_ok");
    }

    @Test
    void collectionCapturesAndFindsOutWhatBecameOfIt() {
        saga(PaymentCollection.class)
                .givenAPublished(REQUESTED)
                .andThenAPublished(new CaptureStarted(ORDER, AMOUNT))
                .whenPublishingA(new CaptureUnresolved(ORDER, AMOUNT))
                .expectActiveSagas(1);
        assertThat(calls.all).containsExactly("capture o-1 990", "void o-1");
    }

    @Test
    void collectionEndsWhenTheAmountWasTakenOrNeverWillBe() {
        for (PaymentEvent end : List.of(
                new ChargeCaptured(ORDER, AMOUNT),
                new ChargeDeclined(ORDER, AMOUNT, "declined"),
                new ChargeVoided(ORDER, AMOUNT))) {
            saga(PaymentCollection.class)
                    .givenAPublished(REQUESTED)
                    .whenPublishingA(end)
                    .expectActiveSagas(0);
        }
    }

    @Test
    void collectionThatComesAfterTheCancellationEndsAtOnce() {
        SagaTestFixture<PaymentCollection> fixture = saga(PaymentCollection.class);
        fixture.setCallbackBehavior(CLOSED);
        fixture.givenNoPriorActivity().whenPublishingA(REQUESTED).expectActiveSagas(0);
    }

    @Test
    void reversalCancelsAndSettles() {
        saga(PaymentReversal.class)
                .givenNoPriorActivity()
                .whenPublishingA(new OrderCancelled(ORDER, "time-limit"))
                .expectActiveSagas(1)
                .expectDispatchedCommands(new CancelCharge(ORDER));
        saga(PaymentReversal.class)
                .givenAPublished(new VoidStarted(ORDER, AMOUNT))
                .whenPublishingA(new ChargeVoided(ORDER, AMOUNT))
                .expectActiveSagas(0);
        saga(PaymentReversal.class)
                .givenAPublished(new RefundStarted(ORDER, AMOUNT))
                .whenPublishingA(new ChargeRefunded(ORDER, AMOUNT))
                .expectActiveSagas(0);
        saga(PaymentReversal.class)
                .givenAPublished(new VoidStarted(ORDER, AMOUNT))
                .whenPublishingA(new AuthorizationReleased(ORDER))
                .expectActiveSagas(0);
        assertThat(calls.all).containsExactly("void o-1", "refund o-1 o-1 990", "void o-1");
    }

    @Test
    void reversalOfWhatIsSettledEndsAtOnce() {
        SagaTestFixture<PaymentReversal> fixture = saga(PaymentReversal.class);
        fixture.setCallbackBehavior(CLOSED);
        fixture.givenNoPriorActivity()
                .whenPublishingA(new OrderCancelled(ORDER, "declined"))
                .expectActiveSagas(0);
    }

    @Test
    void returnPaysBackUnderItsOwnKey() {
        saga(PaymentReturn.class)
                .givenNoPriorActivity()
                .whenPublishingA(RETURNED)
                .expectActiveSagas(1)
                .expectDispatchedCommands(new ReturnCharge(ORDER, RETURN, AMOUNT));
        saga(PaymentReturn.class)
                .givenAPublished(RETURNED)
                .andThenAPublished(new ReturnRefundStarted(RETURN, ORDER, AMOUNT))
                .whenPublishingA(new ReturnRefunded(RETURN, ORDER, AMOUNT))
                .expectActiveSagas(0);
        assertThat(calls.all).containsExactly("refund r-1 o-1 990");
    }

    private <T> SagaTestFixture<T> saga(Class<T> type) {
        SagaTestFixture<T> fixture = new SagaTestFixture<>(type);
        fixture.registerResource(calls);
        fixture.setCallbackBehavior((payload, metadata) -> true);
        return fixture;
    }
}
