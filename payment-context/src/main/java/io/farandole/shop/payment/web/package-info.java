/** What can be asked about a payment: the read model, and the HTTP address that shows it. */
@NullMarked
package io.farandole.shop.payment.web;

import org.jspecify.annotations.NullMarked;
