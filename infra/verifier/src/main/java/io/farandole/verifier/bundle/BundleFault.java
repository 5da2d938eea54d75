package io.farandole.verifier.bundle;

import org.jspecify.annotations.Nullable;

/**
 * One way in which a bundle is not as it was made.
 *
 * @param file within the bundle
 * @param line of the file, from 1; null if it is about the whole file
 * @param sentence what is told to a person
 */
public record BundleFault(String file, @Nullable Long line, String sentence) {}
