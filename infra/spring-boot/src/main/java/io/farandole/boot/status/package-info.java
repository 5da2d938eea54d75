/** Where a process stands, in this context and in those that it is asked to ask. */
@NullMarked
package io.farandole.boot.status;

import org.jspecify.annotations.NullMarked;
