package io.farandole.shop.stock.web;

import io.farandole.shop.stock.inventory.FindProducts;
import io.farandole.shop.stock.inventory.ReceiveGoods;
import io.farandole.shop.stock.inventory.StockLevel;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** Products. A receipt is one transaction and honours {@code Idempotency-Key}, which is the framework's doing. */
@RestController
@RequestMapping("/products/{productId}")
class ProductController {

    static final String ID = "[A-Za-z0-9][A-Za-z0-9._-]{0,99}";
    static final String ID_MESSAGE =
            "has 1 to 100 letters, digits, dots, underscores or hyphens, and begins with a letter or digit";
    static final long MOST_PIECES = 1_000_000_000;

    private final CommandGateway commands;
    private final FindProducts products;

    ProductController(CommandGateway commands, FindProducts products) {
        this.commands = commands;
        this.products = products;
    }

    /**
     * The body of a receipt.
     *
     * @param quantity pieces that came in
     */
    record ReceiptRequest(@NotNull @Min(1) @Max(MOST_PIECES) Long quantity) {}

    /** How much there is of a product. */
    record ProductResource(String productId, long available, long reserved, long sold) {
        static ProductResource of(String productId, StockLevel level) {
            return new ProductResource(productId, level.available(), level.reserved(), level.sold());
        }
    }

    /** Goods came in; the first of a product make it known. */
    @PostMapping("/receipts")
    ProductResource receive(
            @PathVariable @Pattern(regexp = ID, message = ID_MESSAGE) String productId,
            @Valid @RequestBody ReceiptRequest receipt) {
        @Nullable StockLevel level = commands.sendAndWait(new ReceiveGoods(productId, receipt.quantity()));
        if (level == null) {
            throw new ResponseStatusException(
                    HttpStatus.CONFLICT, "More than " + StockLevel.MOST + " pieces of a product are not kept");
        }
        return ProductResource.of(productId, level);
    }

    /** How much there is of a product. */
    @GetMapping
    ProductResource one(@PathVariable @Pattern(regexp = ID, message = ID_MESSAGE) String productId) {
        return products.byId(productId)
                .map(level -> ProductResource.of(productId, level))
                .orElseThrow(
                        () -> new ResponseStatusException(HttpStatus.NOT_FOUND, "There is no product " + productId));
    }
}
