package io.farandole.audit.report;

import java.time.Duration;

/**
 * The time between two types of events that followed each other, over many processes.
 *
 * @param after the type of the earlier one
 * @param before the type of the later one
 * @param times how often they did
 * @param median of the time between them
 * @param p99 which one in a hundred exceeds
 * @param longest of all
 * @param total of all: where the time went
 */
public record Stretch(
        String after, String before, long times, Duration median, Duration p99, Duration longest, Duration total) {}
