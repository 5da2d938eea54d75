package io.farandole.shop.payment.transfer;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.farandole.shop.payment.transfer.TransferCommand.AskBanksAgain;
import io.farandole.shop.payment.transfer.TransferCommand.RecordAnswer;
import io.farandole.shop.payment.transfer.TransferCommand.RequestTransfer;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.modelling.command.AggregateCreationPolicy;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.modelling.command.CreationPolicy;
import org.axonframework.spring.stereotype.Aggregate;

/** One transfer. It refuses nothing: what comes again, or late, changes nothing. */
@Aggregate
@WithBanks
@SuppressWarnings({"UnusedVariable", "NullAway.Init"}) // Axon reads the id, and sets it with the first event
class Transfer {

    @AggregateIdentifier
    private String transferId;

    private TransferState state = TransferState.NEW;

    Transfer() {}

    @CommandHandler
    @CreationPolicy(AggregateCreationPolicy.CREATE_IF_MISSING)
    boolean handle(RequestTransfer command) {
        decide(command);
        return command.order().equals(state.order()) && command.mode() == state.mode();
    }

    @CommandHandler
    void handle(RecordAnswer command) {
        decide(command);
    }

    @CommandHandler
    void handle(AskBanksAgain command) {
        decide(command);
    }

    @EventSourcingHandler
    void on(TransferEvent event) {
        transferId = event.transferId();
        state = event.evolve(state);
    }

    private void decide(TransferCommand command) {
        command.decide(state).forEach(event -> apply(event));
    }
}
