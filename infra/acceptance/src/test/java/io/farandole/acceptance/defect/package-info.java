/** The checker is checked in earnest: defects are put into the running framework, and it has to name what they lead to. */
@NullMarked
package io.farandole.acceptance.defect;

import org.jspecify.annotations.NullMarked;
