/** The payment service as a process of its own, for tests that kill it. */
@NullMarked
package io.farandole.shop.payment;

import org.jspecify.annotations.NullMarked;
