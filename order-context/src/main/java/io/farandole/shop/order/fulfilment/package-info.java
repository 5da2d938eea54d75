/** The order context's part in the dance: what it does when stock and payment have moved. */
@NullMarked
package io.farandole.shop.order.fulfilment;

import org.jspecify.annotations.NullMarked;
