/** Tests of the chaos and by it. */
@NullMarked
package io.farandole.acceptance.chaos;

import org.jspecify.annotations.NullMarked;
