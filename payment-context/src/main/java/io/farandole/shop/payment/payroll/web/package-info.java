/** Payroll over HTTP: company accounts, payrolls, their payments, and the read models that show them. */
@NullMarked
package io.farandole.shop.payment.payroll.web;

import org.jspecify.annotations.NullMarked;
