/** A sample process of the tests: a trip is confirmed when four things have happened, in whatever order. */
@NullMarked
package io.farandole.saga.trip;

import org.jspecify.annotations.NullMarked;
