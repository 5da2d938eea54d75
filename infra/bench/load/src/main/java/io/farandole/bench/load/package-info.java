/** What every contender of a benchmark shares: the workload, the load, the books, and the protocol of a process of its own. */
@NullMarked
package io.farandole.bench.load;

import org.jspecify.annotations.NullMarked;
