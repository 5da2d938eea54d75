/**
 * Whether a journal is as it was sealed: the canonical form of a row, its hash, seals, checkpoints, and the program that
 * compares them. It knows public keys only, and nothing of the framework whose history it judges.
 */
@NullMarked
package io.farandole.verifier;

import org.jspecify.annotations.NullMarked;
