/** What was handed out of journals as a file: its form, and whether it is as the contexts made it. Needs no database. */
@NullMarked
package io.farandole.verifier.bundle;

import org.jspecify.annotations.NullMarked;
