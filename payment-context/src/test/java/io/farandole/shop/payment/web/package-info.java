/** Tests of this package. */
@NullMarked
package io.farandole.shop.payment.web;

import org.jspecify.annotations.NullMarked;
