package io.farandole.shop.payment.transfer;

import io.farandole.axon.Retries;
import io.farandole.saga.step.CompensationHandler;
import io.farandole.saga.step.Step;
import io.farandole.shop.payment.transfer.TransferEvent.TransferAskedAgain;
import io.farandole.shop.payment.transfer.TransferEvent.TransferCancelled;
import io.farandole.shop.payment.transfer.TransferEvent.TransferCompleted;
import io.farandole.shop.payment.transfer.TransferEvent.TransferGivenUp;
import io.farandole.shop.payment.transfer.TransferEvent.TransferRefused;
import io.farandole.shop.payment.transfer.TransferEvent.TransferSetAside;
import io.farandole.shop.payment.transfer.TransferEvent.XaTransferRequested;
import io.farandole.shop.payment.transfer.bank.TransferOrder;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.modelling.saga.EndSaga;
import org.axonframework.modelling.saga.SagaEventHandler;
import org.axonframework.modelling.saga.StartSaga;
import org.axonframework.spring.stereotype.Saga;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;

/** A transfer with XA: one call, and one that finds out or gives up where no answer came. */
@Step(
        name = "move",
        completedBy = TransferCompleted.class,
        failedBy = {TransferRefused.class, TransferGivenUp.class},
        outsideCall = "transfer-xa",
        irreversible = "both banks have done it, or neither")
@Step(
        name = "cancel",
        startedBy = TransferGivenUp.class,
        completedBy = TransferCancelled.class,
        outsideCall = "transfer-cancel",
        irreversible = "it is the giving up itself")
@Saga
@WithBanks
@ProcessingGroup("transfer-xa")
public class XaTransfer {

    @Autowired
    private transient CommandGateway commands;

    @Autowired
    private transient BankCalls calls;

    private @Nullable TransferOrder order;

    @StartSaga
    @SagaEventHandler(associationProperty = "transferId")
    void on(XaTransferRequested event) {
        order = event.order();
        calls.ask(TransferStep.XA, event.order(), 0);
    }

    @SagaEventHandler(associationProperty = "transferId")
    void on(TransferGivenUp event) {
        ask(TransferStep.CANCEL, 0);
    }

    @Retries("1 attempt, each wait 1 s")
    @SagaEventHandler(associationProperty = "transferId")
    void on(TransferSetAside event) {
        throw new TransferInDoubtException(event.transferId(), event.step(), event.text());
    }

    @SagaEventHandler(associationProperty = "transferId")
    void on(TransferAskedAgain event) {
        ask(event.step(), event.attempt());
    }

    @EndSaga
    @SagaEventHandler(associationProperty = "transferId")
    void on(TransferCompleted event) {}

    @EndSaga
    @SagaEventHandler(associationProperty = "transferId")
    void on(TransferRefused event) {}

    @EndSaga
    @SagaEventHandler(associationProperty = "transferId")
    void on(TransferCancelled event) {}

    /** A person has put right what was set aside. */
    @CompensationHandler
    void askAgain() {
        if (order != null) {
            commands.sendAndWait(new TransferCommand.AskBanksAgain(order.transferId()));
        }
    }

    private void ask(TransferStep step, int attempt) {
        if (order != null) {
            calls.ask(step, order, attempt);
        }
    }
}
