/** The stock context. */
@NullMarked
package io.farandole.bench.peers.modulith.stock;

import org.jspecify.annotations.NullMarked;
