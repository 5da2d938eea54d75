@NullMarked
package io.farandole.boot.operations;

import org.jspecify.annotations.NullMarked;
