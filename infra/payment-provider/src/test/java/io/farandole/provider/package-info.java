/** Tests of the stand-in provider. */
@NullMarked
package io.farandole.provider;

import org.jspecify.annotations.NullMarked;
