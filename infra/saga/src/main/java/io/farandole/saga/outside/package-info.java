/** Calls to systems outside: requested in a step's transaction, made with none open, recorded by a command. */
@NullMarked
package io.farandole.saga.outside;

import org.jspecify.annotations.NullMarked;
