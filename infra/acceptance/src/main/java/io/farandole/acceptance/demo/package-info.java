/** The demo of {@code infra/run}: places orders as customers do, tells what became of them, and checks the books. */
@NullMarked
package io.farandole.acceptance.demo;

import org.jspecify.annotations.NullMarked;
