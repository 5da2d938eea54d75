/**
 * A service's part in global transactions: the barrier that remembers, by global and branch id, what was committed, refused and
 * compensated, in the transaction of the effect itself.
 */
@NullMarked
package io.farandole.participant;

import org.jspecify.annotations.NullMarked;
