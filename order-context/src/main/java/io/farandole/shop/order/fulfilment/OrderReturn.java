package io.farandole.shop.order.fulfilment;

import io.farandole.saga.step.Step;
import io.farandole.shop.kernel.payment.v1.PaymentRefunded;
import io.farandole.shop.kernel.stock.v1.StockReturned;
import io.farandole.shop.order.ordering.OrderCommand.CompleteReturn;
import io.farandole.shop.order.ordering.OrderEvent.OrderReturned;
import io.farandole.shop.order.ordering.OrderEvent.ReturnCompleted;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.deadline.DeadlineManager;
import org.axonframework.deadline.annotation.DeadlineHandler;
import org.axonframework.modelling.saga.EndSaga;
import org.axonframework.modelling.saga.SagaEventHandler;
import org.axonframework.modelling.saga.StartSaga;
import org.axonframework.spring.stereotype.Saga;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;

/** Follows a return, a process with a key of its own, until the goods and the money are back, in whichever order. */
@Step(
        name = "goods back",
        completedBy = StockReturned.class,
        deadline = OrderReturn.TIME_LIMIT,
        irreversible = "a return undoes a sale, and is not undone itself")
@Step(
        name = "money back",
        completedBy = PaymentRefunded.class,
        deadline = OrderReturn.TIME_LIMIT,
        irreversible = "a return undoes a sale, and is not undone itself")
@Saga
@ProcessingGroup("order-return")
public class OrderReturn {

    static final String TIME_LIMIT = "return-time-limit";

    @Autowired
    private transient CommandGateway commands;

    @Autowired
    private transient DeadlineManager deadlines;

    @Autowired
    private transient FulfilmentSettings settings;

    private @Nullable String orderId;
    private @Nullable String timeLimit;
    private boolean goodsBack;
    private boolean moneyBack;

    @StartSaga
    @SagaEventHandler(associationProperty = "returnId")
    void on(OrderReturned event) {
        orderId = event.orderId();
        timeLimit = deadlines.schedule(settings.returnTimeLimit(), TIME_LIMIT);
    }

    /** Nothing can be cancelled any more: it is awaited for as long again, and told to be overdue. */
    @DeadlineHandler(deadlineName = TIME_LIMIT)
    void timeLimitPassed() {
        timeLimit = deadlines.schedule(settings.returnTimeLimit(), TIME_LIMIT);
    }

    @SagaEventHandler(associationProperty = "returnId")
    void on(StockReturned event) {
        goodsBack = true;
        completeIfBack();
    }

    @SagaEventHandler(associationProperty = "returnId", associationResolver = RefundProcess.class)
    void on(PaymentRefunded event) {
        moneyBack = true;
        completeIfBack();
    }

    @EndSaga
    @SagaEventHandler(associationProperty = "returnId")
    void on(ReturnCompleted event) {
        if (timeLimit != null) {
            deadlines.cancelSchedule(TIME_LIMIT, timeLimit);
        }
    }

    private void completeIfBack() {
        if (goodsBack && moneyBack && orderId != null) {
            commands.sendAndWait(new CompleteReturn(orderId));
        }
    }
}
