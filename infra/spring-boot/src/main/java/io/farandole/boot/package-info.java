/** Spring Boot auto-configuration: a context needs the starter, a name, and nothing else to take part. */
@NullMarked
package io.farandole.boot;

import org.jspecify.annotations.NullMarked;
