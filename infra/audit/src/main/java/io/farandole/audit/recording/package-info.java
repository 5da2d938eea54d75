/** One process as it was, in a file: its events, and what sagas and aggregates made of them, for a test to hold on to. */
@NullMarked
package io.farandole.audit.recording;

import org.jspecify.annotations.NullMarked;
