/** Both ways to move money between two banks' databases, on real servers. */
@NullMarked
package io.farandole.shop.payment.transfer.bank;

import org.jspecify.annotations.NullMarked;
