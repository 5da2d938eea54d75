/** What the journal answers to auditors and developers, without side effects. */
@NullMarked
package io.farandole.audit;

import org.jspecify.annotations.NullMarked;
