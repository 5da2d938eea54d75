/** Where an order's goods are sent. */
@NullMarked
package io.farandole.shop.stock.dispatch;

import org.jspecify.annotations.NullMarked;
