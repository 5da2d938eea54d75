/** What an order is, and which of its commands mean what in which phase. */
@NullMarked
package io.farandole.shop.order.ordering;

import org.jspecify.annotations.NullMarked;
