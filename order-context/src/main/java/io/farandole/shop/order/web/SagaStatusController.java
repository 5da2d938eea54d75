package io.farandole.shop.order.web;

import io.farandole.boot.status.ProcessOverview;
import io.farandole.boot.status.ProcessOverviews;
import io.farandole.shop.order.tracking.FindOrders;
import jakarta.validation.constraints.Pattern;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Where an order's process stands, in all contexts. */
@RestController
class SagaStatusController {

    private final ProcessOverviews processes;
    private final FindOrders orders;

    SagaStatusController(ProcessOverviews processes, FindOrders orders) {
        this.processes = processes;
        this.orders = orders;
    }

    /**
     * Every step of this context and of the others, as far as they answer, and what is awaited next. Of an order whose process
     * ended long ago the steps are forgotten; its history is in the journal.
     */
    @GetMapping("/saga/status")
    ProcessOverview status(
            @RequestParam("order_id") @Pattern(regexp = Ids.PATTERN, message = Ids.MESSAGE) String orderId) {
        if (orders.byId(orderId).isEmpty()) {
            throw OrderController.unknown(orderId);
        }
        return processes.of(orderId);
    }
}
