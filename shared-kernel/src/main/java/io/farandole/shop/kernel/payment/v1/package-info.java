/** What the payment context tells the others, version 1. */
@NullMarked
package io.farandole.shop.kernel.payment.v1;

import org.jspecify.annotations.NullMarked;
