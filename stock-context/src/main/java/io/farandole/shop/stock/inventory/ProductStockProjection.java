package io.farandole.shop.stock.inventory;

import io.farandole.axon.RowChanges;
import org.axonframework.config.EventProcessingConfigurer;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.PropagatingErrorHandler;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.context.annotation.Configuration;
import org.springframework.stereotype.Component;

/**
 * Writes a product's row in the transaction that appends its events. So {@code GET} shows a receipt as soon as it is
 * answered, and a batch of a hundred reservations of one product is one update.
 *
 * <p>Two transactions never write the same row from the same old values: both would append the same next event of the
 * product, and the journal refuses one of them.
 */
@Component
@ProcessingGroup(ProductStockProjection.GROUP)
class ProductStockProjection {

    static final String GROUP = "product-stock";

    private final RowChanges<String, ProductStockView> rows;

    ProductStockProjection(ProductStockViews views) {
        this.rows = new RowChanges<>(views::findAllByProductIdIn, ProductStockView::getId, views::save);
    }

    @EventHandler
    void on(StockEvent event) {
        rows.change(event.productId(), row -> {
            ProductStockView view = row == null ? new ProductStockView(event.productId()) : row;
            view.on(event);
            return view;
        });
    }

    /** Subscribes the projection to the commands' units of work. */
    @Configuration(proxyBeanMethods = false)
    static class Subscription {

        @Autowired
        void subscribe(EventProcessingConfigurer events) {
            events.registerSubscribingEventProcessor(GROUP)
                    .registerListenerInvocationErrorHandler(GROUP, configuration -> PropagatingErrorHandler.instance())
                    .registerErrorHandler(GROUP, configuration -> PropagatingErrorHandler.instance());
        }
    }
}
