package io.farandole.bench.peers.axon;

import io.farandole.bench.peers.axon.Commands.ReleaseStock;
import io.farandole.bench.peers.axon.Commands.ReserveStock;
import io.farandole.bench.peers.axon.Commands.SellStock;
import io.farandole.bench.peers.axon.Events.OrderCancelled;
import io.farandole.bench.peers.axon.Events.OrderConfirmed;
import io.farandole.bench.peers.axon.Events.OrderPlaced;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.modelling.saga.EndSaga;
import org.axonframework.modelling.saga.SagaEventHandler;
import org.axonframework.modelling.saga.StartSaga;
import org.jspecify.annotations.Nullable;

/** In the stock context: holds pieces for an order that was placed, sells or releases them once it is decided. */
public class StockReservation {

    private @Nullable String productId;

    @StartSaga
    @SagaEventHandler(associationProperty = "orderId")
    void on(OrderPlaced event, CommandGateway commands) {
        productId = event.productId();
        commands.sendAndWait(new ReserveStock(event.productId(), event.orderId(), event.quantity()));
    }

    @EndSaga
    @SagaEventHandler(associationProperty = "orderId")
    void on(OrderConfirmed event, CommandGateway commands) {
        commands.sendAndWait(new SellStock(product(), event.orderId()));
    }

    @EndSaga
    @SagaEventHandler(associationProperty = "orderId")
    void on(OrderCancelled event, CommandGateway commands) {
        commands.sendAndWait(new ReleaseStock(product(), event.orderId()));
    }

    private String product() {
        if (productId == null) {
            throw new IllegalStateException("This reservation was never started");
        }
        return productId;
    }
}
