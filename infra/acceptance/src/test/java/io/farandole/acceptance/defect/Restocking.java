package io.farandole.acceptance.defect;

import io.farandole.shop.kernel.order.v1.OrderPlaced;
import io.farandole.shop.stock.inventory.ReceiveGoods;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.ReplayStatus;

/** Receives what is ordered, as often as it is told of the order: a reaction that must not be replayed. */
@ProcessingGroup(Restocking.PROCESSOR)
class Restocking {

    static final String PROCESSOR = "restocking";

    private final Supplier<CommandGateway> commands;
    private final AtomicBoolean alsoInReplays;

    Restocking(Supplier<CommandGateway> commands, AtomicBoolean alsoInReplays) {
        this.commands = commands;
        this.alsoInReplays = alsoInReplays;
    }

    /** Puts it into a service. */
    static Seam seam(AtomicBoolean alsoInReplays) {
        return service -> service.registerBean(
                Restocking.class, () -> new Restocking(() -> service.getBean(CommandGateway.class), alsoInReplays));
    }

    @EventHandler
    void on(OrderPlaced event, ReplayStatus status) {
        if (status.isReplay() && !alsoInReplays.get()) {
            return;
        }
        event.lines().forEach(line -> commands.get().sendAndWait(new ReceiveGoods(line.productId(), line.quantity())));
    }
}
