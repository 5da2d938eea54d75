package io.farandole.bench;

import io.farandole.bench.load.OrderSpec;
import io.farandole.shop.kernel.Money;
import io.farandole.shop.order.ordering.Line;
import io.farandole.shop.order.ordering.OrderCommand.PlaceOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.common.IdentifierFactory;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.messaging.GenericMessage;
import org.axonframework.messaging.ResultMessage;
import org.axonframework.messaging.unitofwork.DefaultUnitOfWork;
import org.axonframework.messaging.unitofwork.RollbackConfigurationType;

/**
 * Orders that are placed by commands, without HTTP: one thread takes all that wait, {@value #BATCH} at most, and sends them in one
 * transaction, as the order service does with requests that come at the same time.
 */
final class PlacedByCommand implements WatchedOrders.Desk, AutoCloseable {

    private static final int BATCH = 64;
    private static final Money PRICE = new Money(990, "EUR");

    private final CommandGateway commands;
    private final TransactionManager transactions;
    private final BlockingQueue<Waiting> queue = new LinkedBlockingQueue<>();
    private final Thread placer = new Thread(this::placeAll, "placer");

    private record Waiting(PlaceOrder command, CompletableFuture<String> answer) {}

    private PlacedByCommand(CommandGateway commands, TransactionManager transactions) {
        this.commands = commands;
        this.transactions = transactions;
    }

    static PlacedByCommand start(CommandGateway commands, TransactionManager transactions) {
        PlacedByCommand desk = new PlacedByCommand(commands, transactions);
        desk.placer.setDaemon(true);
        desk.placer.start();
        return desk;
    }

    @Override
    public CompletableFuture<String> place(OrderSpec order) {
        CompletableFuture<String> answer = new CompletableFuture<>();
        String orderId = IdentifierFactory.getInstance().generateIdentifier();
        queue.add(new Waiting(
                new PlaceOrder(
                        orderId,
                        order.customerId(),
                        order.declined() ? "tok_declined" : "tok_ok",
                        List.of(new Line(order.productId(), 1, PRICE))),
                answer));
        return answer;
    }

    private void placeAll() {
        List<Waiting> batch = new ArrayList<>(BATCH);
        try {
            while (!Thread.currentThread().isInterrupted()) {
                batch.add(queue.take());
                queue.drainTo(batch, BATCH - 1);
                place(batch);
                batch.clear();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void place(List<Waiting> batch) {
        DefaultUnitOfWork<GenericMessage<String>> unit =
                DefaultUnitOfWork.startAndGet(new GenericMessage<>(batch.size() + " orders"));
        unit.attachTransaction(transactions);
        ResultMessage<Object> result = unit.executeWithResult(
                () -> {
                    for (Waiting waiting : batch) {
                        commands.sendAndWait(waiting.command());
                    }
                    return null;
                },
                RollbackConfigurationType.ANY_THROWABLE);
        for (Waiting waiting : batch) {
            if (result.isExceptional()) {
                waiting.answer().completeExceptionally(result.exceptionResult());
            } else {
                waiting.answer().complete(waiting.command().orderId());
            }
        }
    }

    @Override
    public void close() {
        placer.interrupt();
    }
}
