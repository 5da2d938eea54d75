/** The employees' banks as payroll sees them: a port, its adapters, and where the banks are. */
@NullMarked
package io.farandole.shop.payment.payroll.bank;

import org.jspecify.annotations.NullMarked;
