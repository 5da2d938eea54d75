/** Tests of this package. */
@NullMarked
package io.farandole.acceptance.demo;

import org.jspecify.annotations.NullMarked;
