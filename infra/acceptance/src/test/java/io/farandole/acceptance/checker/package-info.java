/** The checker is checked: it passes what is right, and finds every seeded defect. */
@NullMarked
package io.farandole.acceptance.checker;

import org.jspecify.annotations.NullMarked;
