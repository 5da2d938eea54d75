/** Tests of this package. */
@NullMarked
package io.farandole.shop.payment.gateway;

import org.jspecify.annotations.NullMarked;
