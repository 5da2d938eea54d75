package io.farandole.shop.payment.charging;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.farandole.shop.payment.charging.PaymentCommand.CancelCharge;
import io.farandole.shop.payment.charging.PaymentCommand.ConfirmCharge;
import io.farandole.shop.payment.charging.PaymentCommand.OrderCharge;
import io.farandole.shop.payment.charging.PaymentCommand.RecordAuthorization;
import io.farandole.shop.payment.charging.PaymentCommand.RecordCapture;
import io.farandole.shop.payment.charging.PaymentCommand.RecordRefund;
import io.farandole.shop.payment.charging.PaymentCommand.RecordVoid;
import io.farandole.shop.payment.charging.PaymentCommand.RequestCharge;
import io.farandole.shop.payment.charging.PaymentCommand.ReturnCharge;
import io.farandole.shop.payment.charging.PaymentCommand.SecureStock;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.spring.stereotype.Aggregate;

/**
 * The payment of one order; its id is the order's. Any announcement may be the first it hears, so each of them creates it.
 * It refuses nothing: what comes too early is remembered, what comes too late or again changes nothing.
 */
@Aggregate
@SuppressWarnings({"UnusedVariable", "NullAway.Init"}) // Axon reads the id, and sets it with the first event
class Payment {

    @AggregateIdentifier
    private String orderId;

    private PaymentState state = PaymentState.NEW;

    Payment() {}

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    boolean handle(RequestCharge command) {
        return collect(command);
    }

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    boolean handle(OrderCharge command) {
        boolean begins = state.phase() == Phase.NEW;
        decide(command);
        return begins;
    }

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    boolean handle(SecureStock command) {
        return collect(command);
    }

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    boolean handle(ConfirmCharge command) {
        return collect(command);
    }

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    boolean handle(CancelCharge command) {
        decide(command);
        return !state.phase().isSettled();
    }

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    boolean handle(ReturnCharge command) {
        decide(command);
        return !state.answeredReturns().contains(command.returnId());
    }

    @CommandHandler
    void handle(RecordAuthorization command) {
        decide(command);
    }

    @CommandHandler
    void handle(RecordCapture command) {
        decide(command);
    }

    @CommandHandler
    void handle(RecordVoid command) {
        decide(command);
    }

    @CommandHandler
    void handle(RecordRefund command) {
        decide(command);
    }

    @EventSourcingHandler
    void on(PaymentEvent event) {
        orderId = event.orderId();
        state = event.evolve(state);
    }

    PaymentState state() {
        return state;
    }

    private boolean collect(PaymentCommand command) {
        decide(command);
        return state.phase().isCollecting();
    }

    private void decide(PaymentCommand command) {
        command.decide(state).forEach(event -> apply(event));
    }
}
