/** What a person who operates the service may see and do over HTTP, as Actuator endpoints, signed in. */
@NullMarked
package io.farandole.boot.operations;

import org.jspecify.annotations.NullMarked;
