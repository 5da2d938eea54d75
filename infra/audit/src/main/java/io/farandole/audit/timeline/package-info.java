/** What happened to a process, in all contexts, in causal order. */
@NullMarked
package io.farandole.audit.timeline;

import org.jspecify.annotations.NullMarked;
