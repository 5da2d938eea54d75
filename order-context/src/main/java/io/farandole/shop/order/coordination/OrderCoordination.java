package io.farandole.shop.order.coordination;

import io.farandole.saga.step.Compensates;
import io.farandole.saga.step.Compensation;
import io.farandole.saga.step.CompensationCompleted;
import io.farandole.saga.step.CompensationHandler;
import io.farandole.saga.step.OnFailure;
import io.farandole.saga.step.SagaSteps;
import io.farandole.saga.step.Step;
import io.farandole.shop.kernel.Money;
import io.farandole.shop.order.coordination.CoordinationCommand.AbandonOrder;
import io.farandole.shop.order.coordination.CoordinationCommand.SettleCoordination;
import io.farandole.shop.order.coordination.CoordinationEvent.ChargeRefused;
import io.farandole.shop.order.coordination.CoordinationEvent.ChargeTaken;
import io.farandole.shop.order.coordination.CoordinationEvent.ChargeUndone;
import io.farandole.shop.order.coordination.CoordinationEvent.CoordinationBegun;
import io.farandole.shop.order.coordination.CoordinationEvent.GoodsHeld;
import io.farandole.shop.order.coordination.CoordinationEvent.GoodsLetGo;
import io.farandole.shop.order.coordination.CoordinationEvent.GoodsRefused;
import io.farandole.shop.order.coordination.CoordinationEvent.GoodsSold;
import io.farandole.shop.order.coordination.CoordinationEvent.RefundFailed;
import io.farandole.shop.order.coordination.CoordinationEvent.ReleaseFailed;
import io.farandole.shop.order.coordination.CoordinationEvent.SaleRefused;
import io.farandole.shop.order.coordination.CoordinationEvent.StepUnanswered;
import io.farandole.shop.order.ordering.Reasons;
import java.util.List;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.modelling.saga.EndSaga;
import org.axonframework.modelling.saga.SagaEventHandler;
import org.axonframework.modelling.saga.StartSaga;
import org.axonframework.spring.stereotype.Saga;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;

/**
 * Conducts an order: reserve, charge, confirm. What fails, or is not answered in time, has everything undone in reverse order, which is the
 * framework's doing. Both participants refuse a step that comes after its cancellation, so what nobody has answered yet is cancelled all
 * the same. Once it is paid the order is not given up for want of an answer: stock is asked until it says whether it has sold.
 */
@Step(
        name = "reserve",
        completedBy = GoodsHeld.class,
        failedBy = GoodsRefused.class,
        onFailure = OnFailure.COMPENSATE,
        outsideCall = "coordinated-reserve",
        compensation =
                @Compensation(
                        completedBy = GoodsLetGo.class,
                        failedBy = ReleaseFailed.class,
                        timeLimit = "15 min",
                        barrier = true))
@Step(
        name = "charge",
        startedBy = GoodsHeld.class,
        completedBy = ChargeTaken.class,
        failedBy = ChargeRefused.class,
        onFailure = OnFailure.COMPENSATE,
        outsideCall = "coordinated-charge",
        compensation =
                @Compensation(
                        completedBy = ChargeUndone.class,
                        failedBy = RefundFailed.class,
                        timeLimit = "15 min",
                        barrier = true))
@Step(
        name = "confirm",
        startedBy = ChargeTaken.class,
        completedBy = GoodsSold.class,
        failedBy = SaleRefused.class,
        onFailure = OnFailure.COMPENSATE,
        outsideCall = "coordinated-confirm",
        irreversible = "it is the last step: once the goods are sold, the order is a sale")
@Saga
@Coordinated
@ProcessingGroup("order-coordination")
public class OrderCoordination {

    @Autowired
    private transient CommandGateway commands;

    @Autowired
    private transient ParticipantCalls calls;

    private String orderId = "";
    private @Nullable Money total;
    private @Nullable String token;
    private int attempts;

    @StartSaga
    @SagaEventHandler(associationProperty = "orderId")
    void on(CoordinationBegun event) {
        orderId = event.orderId();
        total = event.total();
        token = event.paymentToken();
        calls.ask(CoordinationStep.RESERVE, new ParticipantRequest(orderId, event.lines(), null, null), attempts);
    }

    @SagaEventHandler(associationProperty = "orderId")
    void on(GoodsHeld event) {
        calls.ask(CoordinationStep.CHARGE, new ParticipantRequest(orderId, List.of(), total, token), attempts);
        token = null;
    }

    @SagaEventHandler(associationProperty = "orderId")
    void on(ChargeTaken event) {
        ask(CoordinationStep.CONFIRM);
    }

    @SagaEventHandler(associationProperty = "orderId")
    void on(StepUnanswered event) {
        if (event.step().canBeGivenUp()) {
            SagaSteps.compensate("no answer from " + event.step().participant());
        } else {
            askAgain(event.step());
        }
    }

    @EndSaga
    @SagaEventHandler(associationProperty = "orderId")
    void on(GoodsSold event) {}

    /** Whatever else is told of it: the framework notes it. */
    @SagaEventHandler(associationProperty = "orderId")
    void on(CoordinationEvent event) {}

    @Compensates("charge")
    void refund() {
        askAgain(CoordinationStep.REFUND);
    }

    @Compensates("reserve")
    void release() {
        askAgain(CoordinationStep.RELEASE);
    }

    @EndSaga
    @CompensationCompleted
    void undone() {
        // An order that is never charged still has it, and what has ended is remembered.
        token = null;
        commands.sendAndWait(new SettleCoordination(orderId));
    }

    /**
     * A person gives it up.
     *
     * @throws IllegalStateException once it is paid: then it is to be sold, and undoing it would give the goods away
     */
    @CompensationHandler
    void giveUp() {
        Boolean possible = commands.sendAndWait(new AbandonOrder(orderId, Reasons.OPERATOR));
        if (Boolean.FALSE.equals(possible)) {
            throw new IllegalStateException("Order " + orderId
                    + " is paid, and stock may have sold it: have the failed event retried instead, or settle it by hand"
                    + " and resolve");
        }
    }

    private void askAgain(CoordinationStep step) {
        attempts++;
        ask(step);
    }

    private void ask(CoordinationStep step) {
        calls.ask(step, ParticipantRequest.about(orderId), attempts);
    }
}
