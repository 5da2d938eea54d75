/** Real servers for tests: a shared PostgreSQL and RabbitMQ, private ones that a test may kill, and a faulty network. */
@NullMarked
package io.farandole.testservers;

import org.jspecify.annotations.NullMarked;
