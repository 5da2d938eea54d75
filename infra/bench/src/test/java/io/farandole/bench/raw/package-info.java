/** Tests of the raw program. */
@NullMarked
package io.farandole.bench.raw;

import org.jspecify.annotations.NullMarked;
