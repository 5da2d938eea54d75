/** The gate: counts, not times. */
@NullMarked
package io.farandole.bench;

import org.jspecify.annotations.NullMarked;
