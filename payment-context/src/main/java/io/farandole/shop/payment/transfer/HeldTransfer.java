package io.farandole.shop.payment.transfer;

import io.farandole.axon.Retries;
import io.farandole.saga.step.Compensation;
import io.farandole.saga.step.CompensationHandler;
import io.farandole.saga.step.Step;
import io.farandole.shop.payment.transfer.TransferEvent.HeldTransferRequested;
import io.farandole.shop.payment.transfer.TransferEvent.TransferAskedAgain;
import io.farandole.shop.payment.transfer.TransferEvent.TransferCancelled;
import io.farandole.shop.payment.transfer.TransferEvent.TransferCompleted;
import io.farandole.shop.payment.transfer.TransferEvent.TransferCredited;
import io.farandole.shop.payment.transfer.TransferEvent.TransferGivenUp;
import io.farandole.shop.payment.transfer.TransferEvent.TransferHeld;
import io.farandole.shop.payment.transfer.TransferEvent.TransferRefused;
import io.farandole.shop.payment.transfer.TransferEvent.TransferSetAside;
import io.farandole.shop.payment.transfer.bank.TransferOrder;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.modelling.saga.EndSaga;
import org.axonframework.modelling.saga.SagaEventHandler;
import org.axonframework.modelling.saga.StartSaga;
import org.axonframework.spring.stereotype.Saga;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;

/** A transfer without XA: held, credited, taken; or released, if it is not credited. */
@Step(
        name = "hold",
        completedBy = TransferHeld.class,
        failedBy = TransferRefused.class,
        outsideCall = "transfer-hold",
        compensation = @Compensation(startedBy = TransferGivenUp.class, completedBy = TransferCancelled.class))
@Step(
        name = "credit",
        startedBy = TransferHeld.class,
        completedBy = TransferCredited.class,
        failedBy = TransferGivenUp.class,
        outsideCall = "transfer-credit",
        irreversible = "nothing that can fail follows it: what is held can always be taken")
@Step(
        name = "take",
        startedBy = TransferCredited.class,
        completedBy = TransferCompleted.class,
        outsideCall = "transfer-take",
        irreversible = "it ends the transfer")
@Saga
@WithBanks
@ProcessingGroup("transfer-held")
public class HeldTransfer {

    @Autowired
    private transient CommandGateway commands;

    @Autowired
    private transient BankCalls calls;

    private @Nullable TransferOrder order;

    @StartSaga
    @SagaEventHandler(associationProperty = "transferId")
    void on(HeldTransferRequested event) {
        order = event.order();
        calls.ask(TransferStep.HOLD, event.order(), 0);
    }

    @SagaEventHandler(associationProperty = "transferId")
    void on(TransferHeld event) {
        ask(TransferStep.CREDIT, 0);
    }

    @SagaEventHandler(associationProperty = "transferId")
    void on(TransferCredited event) {
        ask(TransferStep.TAKE, 0);
    }

    @SagaEventHandler(associationProperty = "transferId")
    void on(TransferGivenUp event) {
        ask(TransferStep.RELEASE, 0);
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
