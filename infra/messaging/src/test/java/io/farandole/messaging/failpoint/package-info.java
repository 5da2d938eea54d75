/** Tests of the failpoints. */
@NullMarked
package io.farandole.messaging.failpoint;

import org.jspecify.annotations.NullMarked;
