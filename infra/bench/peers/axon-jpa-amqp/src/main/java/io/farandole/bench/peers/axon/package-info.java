/** The order, the stock and the payment on Axon Framework 4 with its JPA stores and its AMQP extension. */
@NullMarked
package io.farandole.bench.peers.axon;

import org.jspecify.annotations.NullMarked;
