package io.farandole.shop.stock.reservation;

import io.farandole.saga.step.Step;
import io.farandole.shop.kernel.order.v1.OrderReturned;
import io.farandole.shop.stock.reservation.ReservationCommand.TakeBackStock;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.modelling.saga.EndSaga;
import org.axonframework.modelling.saga.SagaEventHandler;
import org.axonframework.modelling.saga.StartSaga;
import org.axonframework.spring.stereotype.Saga;
import org.springframework.beans.factory.annotation.Autowired;

/** Takes a returned order's goods back: a process with a key of its own, of one step. */
@Step(
        name = "take back",
        startedBy = OrderReturned.class,
        completedBy = OrderReturned.class,
        irreversible = "a return undoes a sale, and is not undone itself")
@Saga
@ProcessingGroup("stock-return")
public class StockReturn {

    @Autowired
    private transient CommandGateway commands;

    @StartSaga
    @EndSaga
    @SagaEventHandler(associationProperty = "returnId")
    void on(OrderReturned event) {
        commands.sendAndWait(new TakeBackStock(event.orderId(), event.returnId()));
    }
}
