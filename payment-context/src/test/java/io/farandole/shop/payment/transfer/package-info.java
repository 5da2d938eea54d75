/** Transfers, without and with servers. */
@NullMarked
package io.farandole.shop.payment.transfer;

import org.jspecify.annotations.NullMarked;
