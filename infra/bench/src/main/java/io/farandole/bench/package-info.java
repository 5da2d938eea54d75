/** Benchmarks: each runs its baseline in the same invocation, interleaved, and checks afterwards that nothing was lost. */
@NullMarked
package io.farandole.bench;

import org.jspecify.annotations.NullMarked;
