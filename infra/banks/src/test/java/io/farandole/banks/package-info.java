@NullMarked
package io.farandole.banks;

import org.jspecify.annotations.NullMarked;
