/** The checker: whether the three contexts' books hold after a run, computed from their journals, read models and the provider's ledger. */
@NullMarked
package io.farandole.acceptance.checker;

import org.jspecify.annotations.NullMarked;
