package io.farandole.shop.stock.inventory;

import java.util.Optional;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** The questions about products. Thread-safe. */
@Service
public class FindProducts {

    private final ProductStockViews views;

    FindProducts(ProductStockViews views) {
        this.views = views;
    }

    /** How much there is of a product; empty if nobody has received any yet. */
    @Transactional(readOnly = true)
    public Optional<StockLevel> byId(String productId) {
        return views.findById(productId).map(ProductStockView::level);
    }
}
