/** What the others may know of stock, in the published language. */
@NullMarked
package io.farandole.shop.stock.publishing;

import org.jspecify.annotations.NullMarked;
