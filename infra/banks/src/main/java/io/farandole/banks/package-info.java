/**
 * Stand-ins for employees' banks: several in one program, with a database of their own, behind the participant library. They
 * misbehave by account number.
 */
@NullMarked
package io.farandole.banks;

import org.jspecify.annotations.NullMarked;
