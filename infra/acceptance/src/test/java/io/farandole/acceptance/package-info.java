/** Whole-system stories, and the rules of the house. */
@NullMarked
package io.farandole.acceptance;

import org.jspecify.annotations.NullMarked;
