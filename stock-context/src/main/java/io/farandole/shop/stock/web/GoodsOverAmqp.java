package io.farandole.shop.stock.web;

import io.farandole.messaging.command.AcceptedCommand;
import io.farandole.messaging.command.CommandOutcome;
import io.farandole.shop.stock.inventory.ReceiveGoods;
import io.farandole.shop.stock.inventory.StockLevel;
import io.farandole.shop.stock.web.ProductController.ProductResource;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** {@code stock.receive-goods.v1}: what a receipt over HTTP does, for services that send it over the broker. */
@Configuration(proxyBeanMethods = false)
class GoodsOverAmqp {

    /**
     * The body.
     *
     * @param quantity pieces that came in
     */
    record ReceiveGoodsRequest(
            @NotNull @Pattern(regexp = ProductController.ID, message = ProductController.ID_MESSAGE) String productId,
            @NotNull @Min(1) @Max(ProductController.MOST_PIECES) Long quantity) {}

    @Bean
    AcceptedCommand<ReceiveGoodsRequest> receiveGoods(CommandGateway commands) {
        return AcceptedCommand.of("stock.receive-goods.v1", ReceiveGoodsRequest.class, request -> {
            @Nullable StockLevel level = commands.sendAndWait(new ReceiveGoods(request.productId(), request.quantity()));
            return level == null
                    ? CommandOutcome.refused(
                            "too-many-pieces", "More than " + StockLevel.MOST + " pieces of a product are not kept")
                    : CommandOutcome.done(ProductResource.of(request.productId(), level));
        });
    }
}
