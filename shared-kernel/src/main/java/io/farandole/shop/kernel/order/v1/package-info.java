/** What the order context tells the others, version 1. */
@NullMarked
package io.farandole.shop.kernel.order.v1;

import org.jspecify.annotations.NullMarked;
