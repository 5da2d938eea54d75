@NullMarked
package io.farandole.participant;

import org.jspecify.annotations.NullMarked;
