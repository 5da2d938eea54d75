/** What one context's journal holds of the exchange with others, in a form that can be compared across contexts. */
@NullMarked
package io.farandole.audit.reconcile;

import org.jspecify.annotations.NullMarked;
