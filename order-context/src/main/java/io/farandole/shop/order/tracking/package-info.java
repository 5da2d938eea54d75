/** Where an order stands, to be read: one row per order, written with the events that it shows. */
@NullMarked
package io.farandole.shop.order.tracking;

import org.jspecify.annotations.NullMarked;
