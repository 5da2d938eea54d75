package io.farandole.testkit;

import org.jspecify.annotations.Nullable;

/**
 * One row of a context's journal, as a test reads it.
 *
 * @param position in the journal
 * @param own whether the context did it itself; otherwise it heard it
 * @param source the context that did it
 * @param type the private name of an own event ({@code order.order-placed}), the published name of a received one
 * @param wireType its published name and version; null if it is private
 * @param processKey the process that it belongs to
 * @param payload JSON text
 */
public record JournalLine(
        long position,
        boolean own,
        String source,
        String type,
        @Nullable String wireType,
        String processKey,
        String payload) {}
