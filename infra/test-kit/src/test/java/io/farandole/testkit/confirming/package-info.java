/** Stands for the order context in the guide's test: it confirms orders, and publishes that. */
@NullMarked
package io.farandole.testkit.confirming;

import org.jspecify.annotations.NullMarked;
