/** Wires what the journal answers. */
@NullMarked
package io.farandole.boot.audit;

import org.jspecify.annotations.NullMarked;
