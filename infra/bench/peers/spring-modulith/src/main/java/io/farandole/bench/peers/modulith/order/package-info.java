/** The order context. */
@NullMarked
package io.farandole.bench.peers.modulith.order;

import org.jspecify.annotations.NullMarked;
