/** Axon on top of the journal: processors that park one failing process and let all others go on, correlation, settings. */
@NullMarked
package io.farandole.axon;

import org.jspecify.annotations.NullMarked;
