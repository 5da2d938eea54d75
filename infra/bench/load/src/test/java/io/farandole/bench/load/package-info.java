/** Tests of the load. */
@NullMarked
package io.farandole.bench.load;

import org.jspecify.annotations.NullMarked;
