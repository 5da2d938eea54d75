package io.farandole.shop.payment.charging;

import io.farandole.shop.payment.charging.ChargeCommand.ShowCharge;
import io.farandole.shop.payment.charging.ChargeCommand.TakeCharge;
import io.farandole.shop.payment.charging.ChargeCommand.UndoCharge;
import io.farandole.shop.payment.charging.PaymentCommand.CancelCharge;
import io.farandole.shop.payment.charging.PaymentCommand.OrderCharge;
import java.util.Optional;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.modelling.command.AggregateNotFoundException;
import org.axonframework.modelling.command.Repository;
import org.springframework.stereotype.Component;

/**
 * Charges for callers who conduct by themselves, where the sagas charge for orders' events. Whatever the {@link Payment} begins here
 * goes on as it does for an order: the same decisions, the same calls to the provider under the same keys.
 */
@Component
class Charges {

    private final Repository<Payment> payments;
    private final CommandGateway commands;
    private final ProviderCalls calls;

    Charges(Repository<Payment> payments, CommandGateway commands, ProviderCalls calls) {
        this.payments = payments;
        this.commands = commands;
        this.calls = calls;
    }

    /** The request to the provider joins this transaction, so the token is nowhere but in that. */
    @CommandHandler
    ChargeAnswer handle(TakeCharge command) {
        Boolean begins = commands.sendAndWait(new OrderCharge(command.chargeId(), command.amount()));
        if (Boolean.TRUE.equals(begins)) {
            calls.authorize(command.chargeId(), command.amount(), command.token());
        }
        return ChargeAnswer.toTake(show(command), command.amount());
    }

    /** Undone before it was asked for, it leaves a tombstone: voided for ever. */
    @CommandHandler
    ChargeAnswer handle(UndoCharge command) {
        boolean followsAnOrder = find(command)
                .map(charge -> charge.status() == Charge.Status.FOLLOWS_AN_ORDER)
                .orElse(false);
        if (!followsAnOrder) {
            commands.sendAndWait(new CancelCharge(command.chargeId()));
        }
        return ChargeAnswer.toUndo(show(command));
    }

    @CommandHandler
    Optional<Charge> handle(ShowCharge command) {
        return find(command);
    }

    private Optional<Charge> find(ChargeCommand command) {
        try {
            return Optional.of(show(command));
        } catch (AggregateNotFoundException e) {
            return Optional.empty();
        }
    }

    private Charge show(ChargeCommand command) {
        return Charge.of(command.chargeId(), payments.load(command.chargeId()).invoke(Payment::state));
    }
}
