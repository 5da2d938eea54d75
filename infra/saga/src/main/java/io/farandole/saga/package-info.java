/** Sagas that are found by their process key: the invoker, its store, and how a saga's state is kept. */
@NullMarked
package io.farandole.saga;

import org.jspecify.annotations.NullMarked;
