/** The journal: an append-only PostgreSQL event store with gap-safe reading, which is also outbox and inbox. */
@NullMarked
package io.farandole.eventstore;

import org.jspecify.annotations.NullMarked;
