package io.farandole.axon;

import java.time.Instant;

/**
 * A processor in which every process fails, so that it sets none aside until one gets through.
 *
 * @param processor its name
 * @param since when this instance found so, by its clock
 * @param errorClass of the failure that was the last straw
 */
public record BrakedProcessor(String processor, Instant since, String errorClass) {}
