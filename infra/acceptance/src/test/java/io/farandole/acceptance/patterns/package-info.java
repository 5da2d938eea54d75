/** What a row of the guide's table of patterns says, shown on real servers, where no other test shows just that. */
@NullMarked
package io.farandole.acceptance.patterns;

import org.jspecify.annotations.NullMarked;
