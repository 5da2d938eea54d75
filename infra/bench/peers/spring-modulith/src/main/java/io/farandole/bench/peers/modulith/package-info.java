/** The order, the stock and the payment with Spring Modulith: three applications that talk over the broker only. */
@NullMarked
package io.farandole.bench.peers.modulith;

import org.jspecify.annotations.NullMarked;
