/** Reports on a real PostgreSQL. */
@NullMarked
package io.farandole.audit.report;

import org.jspecify.annotations.NullMarked;
