/** Tells people that a process is parked, or that a step is overdue: once for each. */
@NullMarked
package io.farandole.saga.alert;

import org.jspecify.annotations.NullMarked;
