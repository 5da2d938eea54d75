/** What others may know of a payment: pure translations into the published language. */
@NullMarked
package io.farandole.shop.payment.publishing;

import org.jspecify.annotations.NullMarked;
