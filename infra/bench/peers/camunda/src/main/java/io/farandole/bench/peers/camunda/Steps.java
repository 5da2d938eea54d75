package io.farandole.bench.peers.camunda;

import java.util.Map;
import java.util.function.Consumer;
import org.camunda.bpm.engine.delegate.BpmnError;
import org.camunda.bpm.engine.delegate.JavaDelegate;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The service tasks of the process. Those of the order run in the engine's transaction, so the order and its process never
 * disagree; those of the participants commit in the participant's database before the engine does, and are repeated if it fails.
 */
final class Steps {

    /** Who wants to know that an order's end is durable. */
    @FunctionalInterface
    interface Ending {

        void ended(String orderId, boolean confirmed);
    }

    private final Orders orders;
    private final Stock stock;
    private final Payments payments;
    private final Ending ending;

    Steps(Orders orders, Stock stock, Payments payments, Ending ending) {
        this.orders = orders;
        this.stock = stock;
        this.payments = payments;
        this.ending = ending;
    }

    /** The tasks by the names that the process model calls them. */
    Map<Object, Object> byName() {
        return Map.of(
                "reserveStock", task(this::reserve),
                "chargePayment", task(this::charge),
                "confirmOrder", task(this::confirm),
                "cancelOrder", task(this::cancel),
                "releaseStock", task(stock::release),
                "handOut", task(stock::sell));
    }

    private static JavaDelegate task(Consumer<String> step) {
        return execution -> step.accept(execution.getProcessBusinessKey());
    }

    private void reserve(String orderId) {
        Orders.Line line = orders.line(orderId);
        if (!stock.reserve(orderId, line.productId(), line.quantity())) {
            throw new BpmnError("insufficient-stock");
        }
    }

    private void charge(String orderId) {
        Orders.Line line = orders.line(orderId);
        if (!payments.charge(orderId, line.priceMinor() * line.quantity(), line.paymentToken())) {
            throw new BpmnError("declined");
        }
    }

    private void confirm(String orderId) {
        orders.confirm(orderId);
        afterCommit(orderId, true);
    }

    private void cancel(String orderId) {
        orders.cancel(orderId, "not-fulfilled");
        afterCommit(orderId, false);
    }

    private void afterCommit(String orderId, boolean confirmed) {
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                ending.ended(orderId, confirmed);
            }
        });
    }
}
