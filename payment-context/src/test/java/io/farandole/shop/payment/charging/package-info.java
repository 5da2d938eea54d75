/** Tests of this package. */
@NullMarked
package io.farandole.shop.payment.charging;

import org.jspecify.annotations.NullMarked;
