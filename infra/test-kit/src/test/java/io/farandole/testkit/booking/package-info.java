/** A context that books seats for services without a journal, and fails as it is told to. */
@NullMarked
package io.farandole.testkit.booking;

import org.jspecify.annotations.NullMarked;
