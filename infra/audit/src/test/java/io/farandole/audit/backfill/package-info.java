/** History that is sent to one follower. */
@NullMarked
package io.farandole.audit.backfill;

import org.jspecify.annotations.NullMarked;
