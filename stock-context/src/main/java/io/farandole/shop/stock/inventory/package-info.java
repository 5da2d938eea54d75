/** How much there is of each product: available, reserved, sold. */
@NullMarked
package io.farandole.shop.stock.inventory;

import org.jspecify.annotations.NullMarked;
