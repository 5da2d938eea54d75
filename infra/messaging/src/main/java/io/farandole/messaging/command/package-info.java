/** Commands of services that keep no journal: what they look like, what they are answered, and the ports between transport and store. */
@NullMarked
package io.farandole.messaging.command;

import org.jspecify.annotations.NullMarked;
