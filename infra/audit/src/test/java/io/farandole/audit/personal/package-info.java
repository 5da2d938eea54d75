/** Personal data, its keys, and what is left after an erasure. */
@NullMarked
package io.farandole.audit.personal;

import org.jspecify.annotations.NullMarked;
