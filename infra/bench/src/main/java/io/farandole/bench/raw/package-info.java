/**
 * The raw program: the same events and messages as the shop, written with plain JDBC and the plain RabbitMQ client in one JVM, receiving
 * and acting in one transaction. No framework, no aggregates, no rules, no HTTP: what the machine gives at most.
 */
@NullMarked
package io.farandole.bench.raw;

import org.jspecify.annotations.NullMarked;
