/** Published events over RabbitMQ: topology, relay and listener, between the ports of {@code messaging} and the broker. */
@NullMarked
package io.farandole.rabbitmq;

import org.jspecify.annotations.NullMarked;
