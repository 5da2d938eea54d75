package io.farandole.bench.peers.axon;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.farandole.bench.peers.axon.Commands.CollectPayment;
import io.farandole.bench.peers.axon.Events.PaymentAuthorized;
import io.farandole.bench.peers.axon.Events.PaymentCaptured;
import io.farandole.bench.peers.axon.Events.PaymentDeclined;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.jspecify.annotations.Nullable;

/** The payment of one order: authorised and captured at once, or declined. */
class Payment {

    @AggregateIdentifier
    private @Nullable String orderId;

    Payment() {}

    @CommandHandler
    Payment(CollectPayment command, PaymentProvider provider) {
        if (provider.authorize(command.orderId(), command.amountMinor(), command.paymentToken())) {
            apply(new PaymentAuthorized(command.orderId(), command.amountMinor(), command.currency()));
            provider.capture(command.orderId(), command.amountMinor());
            apply(new PaymentCaptured(command.orderId(), command.amountMinor(), command.currency()));
        } else {
            apply(new PaymentDeclined(command.orderId(), "declined"));
        }
    }

    @EventSourcingHandler
    void on(PaymentAuthorized event) {
        orderId = event.orderId();
    }

    @EventSourcingHandler
    void on(PaymentDeclined event) {
        orderId = event.orderId();
    }
}
