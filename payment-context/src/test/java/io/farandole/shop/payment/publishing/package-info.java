/** Tests of this package. */
@NullMarked
package io.farandole.shop.payment.publishing;

import org.jspecify.annotations.NullMarked;
