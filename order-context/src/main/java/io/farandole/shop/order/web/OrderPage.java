package io.farandole.shop.order.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of orders, newest first.
 *
 * @param next give it as {@code after} to get the next page; absent on the last one
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record OrderPage(List<OrderResource> orders, @Nullable String next) {}
