/** A sample process of the tests that its saga orchestrates and undoes: salaries and taxes are paid beside each other, then booked. */
@NullMarked
package io.farandole.saga.payroll;

import org.jspecify.annotations.NullMarked;
