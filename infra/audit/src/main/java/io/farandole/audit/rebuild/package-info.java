/** Read models made again from the journal, beside the live ones: to be compared with them, or put into them. */
@NullMarked
package io.farandole.audit.rebuild;

import org.jspecify.annotations.NullMarked;
