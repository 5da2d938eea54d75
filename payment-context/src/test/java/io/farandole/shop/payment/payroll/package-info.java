/** Tests of payroll. */
@NullMarked
package io.farandole.shop.payment.payroll;

import org.jspecify.annotations.NullMarked;
