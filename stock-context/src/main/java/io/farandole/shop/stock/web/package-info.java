/** Products over HTTP. */
@NullMarked
package io.farandole.shop.stock.web;

import org.jspecify.annotations.NullMarked;
