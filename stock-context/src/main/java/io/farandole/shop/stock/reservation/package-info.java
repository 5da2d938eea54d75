/** The stock context's part in the dance: holds an order's goods, sells them, or lets go of them. */
@NullMarked
package io.farandole.shop.stock.reservation;

import org.jspecify.annotations.NullMarked;
