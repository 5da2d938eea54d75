package io.farandole.audit.report;

import java.time.Duration;
import java.time.Instant;

/**
 * A process that took long.
 *
 * @param processKey of the process
 * @param began when its first event occurred
 * @param took from then to its last event
 * @param events how many this journal has of it
 * @param longestWait between two events that follow each other in this journal
 * @param after the type of the one before that wait
 * @param before the type of the one after it
 */
public record SlowProcess(
        String processKey,
        Instant began,
        Duration took,
        long events,
        Duration longestWait,
        String after,
        String before) {}
