/** Alerts about parked processes and overdue steps: a webhook, metrics, and a line in the log. */
@NullMarked
package io.farandole.boot.alert;

import org.jspecify.annotations.NullMarked;
