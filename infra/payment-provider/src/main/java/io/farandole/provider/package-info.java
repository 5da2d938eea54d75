/** A stand-in for a payment provider: it answers by token, remembers idempotency keys, and keeps a ledger to check against. */
@NullMarked
package io.farandole.provider;

import org.jspecify.annotations.NullMarked;
