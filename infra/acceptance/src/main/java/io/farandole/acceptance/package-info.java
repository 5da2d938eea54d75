/** Whole-system acceptance: what must hold after any run, and how it is found out. */
@NullMarked
package io.farandole.acceptance;

import org.jspecify.annotations.NullMarked;
