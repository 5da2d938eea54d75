/** Tests of the parking processor: settings and rules alone, and everything else on a real PostgreSQL. */
@NullMarked
package io.farandole.axon;

import org.jspecify.annotations.NullMarked;
