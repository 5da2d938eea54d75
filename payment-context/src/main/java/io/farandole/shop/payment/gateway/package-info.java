/** The payment provider as this context sees it: a port, and its HTTP adapter. */
@NullMarked
package io.farandole.shop.payment.gateway;

import org.jspecify.annotations.NullMarked;
