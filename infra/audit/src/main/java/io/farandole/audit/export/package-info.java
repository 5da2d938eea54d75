/** Hands out processes' histories as signed parts of a bundle. */
@NullMarked
package io.farandole.audit.export;

import org.jspecify.annotations.NullMarked;
