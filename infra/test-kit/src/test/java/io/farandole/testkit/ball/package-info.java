/** What the two tell each other. */
@NullMarked
package io.farandole.testkit.ball;

import org.jspecify.annotations.NullMarked;
