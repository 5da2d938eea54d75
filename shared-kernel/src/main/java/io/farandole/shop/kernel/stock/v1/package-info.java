/** What the stock context tells the others, version 1. */
@NullMarked
package io.farandole.shop.kernel.stock.v1;

import org.jspecify.annotations.NullMarked;
