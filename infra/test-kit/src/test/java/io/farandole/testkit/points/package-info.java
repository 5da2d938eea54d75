/** The guide's example of a participant: books points for confirmed orders, and takes them back from cancelled ones. */
@NullMarked
package io.farandole.testkit.points;

import org.jspecify.annotations.NullMarked;
