/** The demos of {@code infra/run}: what users of the services would do, what became of it, and whether the books balance. */
@NullMarked
package io.farandole.acceptance.demo;

import org.jspecify.annotations.NullMarked;
