/** A context that serves. */
@NullMarked
package io.farandole.testkit.ping;

import org.jspecify.annotations.NullMarked;
