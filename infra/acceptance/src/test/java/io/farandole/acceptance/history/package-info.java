/** What the journals of a running shop answer. */
@NullMarked
package io.farandole.acceptance.history;

import org.jspecify.annotations.NullMarked;
