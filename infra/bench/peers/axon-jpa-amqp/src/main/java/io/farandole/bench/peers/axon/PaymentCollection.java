package io.farandole.bench.peers.axon;

import io.farandole.bench.peers.axon.Commands.CollectPayment;
import io.farandole.bench.peers.axon.Events.OrderPlaced;
import io.farandole.bench.peers.axon.Events.StockReservationRejected;
import io.farandole.bench.peers.axon.Events.StockReserved;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.modelling.saga.SagaEventHandler;
import org.axonframework.modelling.saga.SagaLifecycle;
import org.axonframework.modelling.saga.StartSaga;
import org.jspecify.annotations.Nullable;

/** In the payment context: collects the money once the order is known and its pieces are held, whichever is heard of first. */
public class PaymentCollection {

    private @Nullable OrderPlaced order;
    private boolean reserved;

    @StartSaga
    @SagaEventHandler(associationProperty = "orderId")
    void on(OrderPlaced event, CommandGateway commands) {
        order = event;
        collectIfBothAreKnown(commands);
    }

    @StartSaga
    @SagaEventHandler(associationProperty = "orderId")
    void on(StockReserved event, CommandGateway commands) {
        reserved = true;
        collectIfBothAreKnown(commands);
    }

    @SagaEventHandler(associationProperty = "orderId")
    void on(StockReservationRejected event) {
        SagaLifecycle.end();
    }

    private void collectIfBothAreKnown(CommandGateway commands) {
        if (order != null && reserved) {
            commands.sendAndWait(new CollectPayment(
                    order.orderId(), order.amountMinor(), order.currency(), order.paymentToken()));
            SagaLifecycle.end();
        }
    }
}
