/** What an aggregate looked like at a point of its history, and what has changed between two. */
@NullMarked
package io.farandole.audit.state;

import org.jspecify.annotations.NullMarked;
