@NullMarked
package io.farandole.cli;

import org.jspecify.annotations.NullMarked;
