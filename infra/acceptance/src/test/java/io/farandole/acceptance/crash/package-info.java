/** Services die at every point at which they may, are started again, and nothing is lost or done twice. */
@NullMarked
package io.farandole.acceptance.crash;

import org.jspecify.annotations.NullMarked;
