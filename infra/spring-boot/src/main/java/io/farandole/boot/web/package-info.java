/**
 * What every service's HTTP side has in common: problem documents, a bound for bodies, one transaction per POST, and
 * idempotency keys.
 */
@NullMarked
package io.farandole.boot.web;

import org.jspecify.annotations.NullMarked;
