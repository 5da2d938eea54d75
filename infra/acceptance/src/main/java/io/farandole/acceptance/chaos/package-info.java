/** Faults of every kind, drawn from a seed, while customers order from a shop with two instances of every service. */
@NullMarked
package io.farandole.acceptance.chaos;

import org.jspecify.annotations.NullMarked;
