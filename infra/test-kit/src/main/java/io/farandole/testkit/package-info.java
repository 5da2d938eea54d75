/** Scenarios across contexts on real servers: given these contexts, when that command, then those events. */
@NullMarked
package io.farandole.testkit;

import org.jspecify.annotations.NullMarked;
