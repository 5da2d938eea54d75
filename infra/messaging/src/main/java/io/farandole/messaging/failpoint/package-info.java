/** The moments at which a process may die between two durable effects, so that a test can let it die at each of them. */
@NullMarked
package io.farandole.messaging.failpoint;

import org.jspecify.annotations.NullMarked;
