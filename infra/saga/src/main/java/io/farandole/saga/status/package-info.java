/** Where a process stands in this context: its sagas' steps, what is awaited, and what failed. */
@NullMarked
package io.farandole.saga.status;

import org.jspecify.annotations.NullMarked;
