/** A context that returns. */
@NullMarked
package io.farandole.testkit.pong;

import org.jspecify.annotations.NullMarked;
