/** A holiday that is booked, and undone where a part of it cannot be had. */
@NullMarked
package io.farandole.testkit.holiday;

import org.jspecify.annotations.NullMarked;
