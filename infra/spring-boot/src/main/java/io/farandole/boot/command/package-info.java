/** Commands of other services over the broker, where a context accepts any. */
@NullMarked
package io.farandole.boot.command;

import org.jspecify.annotations.NullMarked;
