/** The stock context: knows how much there is of each product, and holds it for orders. */
@NullMarked
package io.farandole.shop.stock;

import org.jspecify.annotations.NullMarked;
