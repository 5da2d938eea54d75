/** What another version of a saga would have done with the recorded history: replayed, noted and compared, with nothing sent or written. */
@NullMarked
package io.farandole.audit.whatif;

import org.jspecify.annotations.NullMarked;
