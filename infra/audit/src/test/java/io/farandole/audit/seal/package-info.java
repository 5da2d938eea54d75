@NullMarked
package io.farandole.audit.seal;

import org.jspecify.annotations.NullMarked;
