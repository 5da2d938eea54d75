package io.farandole.shop.payment.payroll.web;

/** Where a payroll stands, as others may see it. */
enum PayrollStatus {
    RUNNING,
    STOPPING,
    PAID,
    PARTLY_PAID,
    REVERSED,
    SHORT
}
