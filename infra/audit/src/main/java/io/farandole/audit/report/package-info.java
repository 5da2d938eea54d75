/** Figures over many processes: how they ended, which took long, and where their time went. */
@NullMarked
package io.farandole.audit.report;

import org.jspecify.annotations.NullMarked;
