/** Orders over HTTP. */
@NullMarked
package io.farandole.shop.order.web;

import org.jspecify.annotations.NullMarked;
