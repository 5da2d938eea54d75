/** The payment context. */
@NullMarked
package io.farandole.bench.peers.modulith.payment;

import org.jspecify.annotations.NullMarked;
