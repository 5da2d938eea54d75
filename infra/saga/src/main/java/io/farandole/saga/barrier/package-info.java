/** The guard of a participant against duplicates, empty compensations and late steps. */
@NullMarked
package io.farandole.saga.barrier;

import org.jspecify.annotations.NullMarked;
