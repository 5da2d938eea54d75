/** What an operator types: parked processes and sagas' states, asked for over HTTP. */
@NullMarked
package io.farandole.cli;

import org.jspecify.annotations.NullMarked;
