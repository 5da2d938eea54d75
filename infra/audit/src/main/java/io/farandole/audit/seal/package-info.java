/** Seals the journal: a chain of hashes over what is stored, and signed checkpoints outside of the database. */
@NullMarked
package io.farandole.audit.seal;

import org.jspecify.annotations.NullMarked;
