/** The payment context: it charges for orders through a payment provider. */
@NullMarked
package io.farandole.shop.payment;

import org.jspecify.annotations.NullMarked;
