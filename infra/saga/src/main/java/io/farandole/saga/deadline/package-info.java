/** Deadlines that join the step's transaction, survive restarts, and pass as events of the journal. */
@NullMarked
package io.farandole.saga.deadline;

import org.jspecify.annotations.NullMarked;
