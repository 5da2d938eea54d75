/** Tests of what aggregates looked like. */
@NullMarked
package io.farandole.audit.state;

import org.jspecify.annotations.NullMarked;
