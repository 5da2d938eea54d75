package io.farandole.bench.peers.axon;

import io.farandole.bench.load.Books;
import io.farandole.bench.load.ContenderProgram;
import io.farandole.bench.load.ContenderSettings;
import io.farandole.bench.load.LoadTarget;
import io.farandole.bench.load.OrderSpec;
import io.farandole.bench.load.Workload;
import io.farandole.bench.peers.axon.Commands.PlaceOrder;
import io.farandole.bench.peers.axon.Events.OrderCancelled;
import io.farandole.bench.peers.axon.Events.OrderConfirmed;
import io.farandole.bench.peers.axon.Events.OrderPlaced;
import io.farandole.bench.peers.axon.Events.PaymentCaptured;
import io.farandole.bench.peers.axon.Events.PaymentDeclined;
import io.farandole.bench.peers.axon.Events.StockReceived;
import io.farandole.bench.peers.axon.Events.StockReservationRejected;
import io.farandole.bench.peers.axon.Events.StockReserved;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.springframework.transaction.support.TransactionTemplate;

/** Three contexts on Axon Framework in one JVM, each with a database and queues of its own; they talk over the broker only. */
final class AxonContender implements LoadTarget {

    private static final int PARTITIONS = Integer.getInteger("contender.partitions", 16);
    private static final int EVENTS_PER_APPEND = 500;

    private final Context.Running order;
    private final Context.Running stock;
    private final Context.Running payment;
    private final Completion completion = new Completion();
    private final ExecutorService customers = Executors.newFixedThreadPool(PARTITIONS);

    private AxonContender(ContenderSettings settings) {
        stock = new Context("stock", settings, settings.stockUrl(), PARTITIONS)
                .aggregate(StockItem.class)
                .saga(StockReservation.class)
                .follow("order", Set.of(OrderPlaced.class, OrderConfirmed.class, OrderCancelled.class))
                .start(Set.of(StockReserved.class, StockReservationRejected.class));
        payment = new Context("payment", settings, settings.paymentUrl(), PARTITIONS)
                .aggregate(Payment.class)
                .saga(PaymentCollection.class)
                .resource(PaymentProvider.class, new PaymentProvider())
                .follow("order", Set.of(OrderPlaced.class))
                .follow("stock", Set.of(StockReserved.class, StockReservationRejected.class))
                .start(Set.of(PaymentCaptured.class, PaymentDeclined.class));
        order = new Context("order", settings, settings.orderUrl(), PARTITIONS)
                .aggregate(Order.class)
                .handler("decisions", c -> new DecideOrder(c.commandGateway()))
                .follow("payment", Set.of(PaymentCaptured.class, PaymentDeclined.class))
                .follow("stock", Set.of(StockReservationRejected.class))
                .start(Set.of(OrderPlaced.class, OrderConfirmed.class, OrderCancelled.class));
        fillShelves(settings.workload());
        var unused = order.events().subscribe(completion::onEvents);
        stock.connect();
        payment.connect();
        order.connect();
    }

    public static void main(String[] args) {
        ContenderProgram.run(AxonContender::new);
    }

    /** As long as nothing is subscribed, for nobody is to hear of it. */
    private void fillShelves(Workload workload) {
        TransactionTemplate transaction =
                new TransactionTemplate(stock.database().transactions());
        for (int from = 0; from < workload.items(); from += EVENTS_PER_APPEND) {
            List<DomainEventMessage<?>> events = new ArrayList<>();
            for (int i = from; i < Math.min(from + EVENTS_PER_APPEND, workload.items()); i++) {
                String productId = workload.productId(i);
                events.add(new GenericDomainEventMessage<>(
                        StockItem.class.getSimpleName(), productId, 0, new StockReceived(productId, Workload.PIECES)));
            }
            transaction.executeWithoutResult(status -> stock.events().publish(events));
        }
    }

    @Override
    public CompletionStage<Boolean> place(OrderSpec spec) {
        String orderId = UUID.randomUUID().toString();
        CompletionStage<Boolean> end = completion.expect(orderId);
        customers.execute(() -> {
            try {
                order.commands()
                        .sendAndWait(new PlaceOrder(
                                orderId,
                                spec.customerId(),
                                spec.productId(),
                                OrderSpec.QUANTITY,
                                OrderSpec.PRICE_MINOR,
                                OrderSpec.CURRENCY,
                                spec.declined() ? PaymentProvider.DECLINED : PaymentProvider.OK));
            } catch (RuntimeException e) {
                completion.failed(orderId, e);
            }
        });
        return end;
    }

    @Override
    public Books books() {
        return new BookKeeping(order.database(), stock.database(), payment.database()).books();
    }

    @Override
    public void close() {
        customers.shutdown();
        order.close();
        stock.close();
        payment.close();
    }
}
