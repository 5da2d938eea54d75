/** What a saga consists of: its steps, declared beside its class, and where each of them stands. */
@NullMarked
package io.farandole.saga.step;

import org.jspecify.annotations.NullMarked;
