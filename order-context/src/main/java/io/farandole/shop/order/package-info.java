/** The order context: takes orders, follows them through stock and payment, and tells their status. */
@NullMarked
package io.farandole.shop.order;

import org.jspecify.annotations.NullMarked;
