/** What the others may know of an order, in the published language. */
@NullMarked
package io.farandole.shop.order.publishing;

import org.jspecify.annotations.NullMarked;
