/** The envelope, the closed type registry, the codec, and the ports between a journal and a wire. */
@NullMarked
package io.farandole.messaging;

import org.jspecify.annotations.NullMarked;
