/** Branches over HTTP: a servlet filter in front of a service's own handlers. */
@NullMarked
package io.farandole.participant.http;

import org.jspecify.annotations.NullMarked;
