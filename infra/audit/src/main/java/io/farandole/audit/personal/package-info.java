/** Personal data under a key per person, and its erasure by the destruction of the key. */
@NullMarked
package io.farandole.audit.personal;

import org.jspecify.annotations.NullMarked;
