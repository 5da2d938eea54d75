/** Comparison of what was published with what was received. */
@NullMarked
package io.farandole.audit.reconcile;

import org.jspecify.annotations.NullMarked;
