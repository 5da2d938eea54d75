package io.farandole.shop.stock.inventory;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.springframework.data.repository.Repository;

/** The rows of {@code app.product_stock}. */
interface ProductStockViews extends Repository<ProductStockView, String> {

    ProductStockView save(ProductStockView view);

    Optional<ProductStockView> findById(String productId);

    List<ProductStockView> findAllByProductIdIn(Collection<String> productIds);
}
