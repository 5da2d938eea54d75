package io.farandole.audit.rebuild;

import java.util.List;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.Segment;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Up to where the live read model has handled the journal, as the current transaction sees it.
 *
 * @param segments those of a processor that follows the journal; empty for handlers that run in the transactions of the commands:
 *     these have handled whatever is in the journal
 */
record LivePositions(List<OfSegment> segments) {

    private static final String TOKENS = "select segment, coalesce(position, 0), coalesce(token_type, '')"
            + " from farandole.token_entry where processor = ? order by segment";

    /** One segment's. */
    record OfSegment(Segment segment, long position) {}

    static final LivePositions OF_COMMANDS = new LivePositions(List.of());

    static LivePositions ofProcessor(JdbcTemplate jdbc, String processor) {
        record Row(int segment, long position, String type) {}
        List<Row> rows = jdbc.query(
                TOKENS, (row, number) -> new Row(row.getInt(1), row.getLong(2), row.getString(3)), processor);
        if (rows.isEmpty()) {
            throw new RefusedException(
                    "Processor " + processor + " has handled nothing yet: start it, and let it catch up");
        }
        for (Row row : rows) {
            if (row.type().toLowerCase(java.util.Locale.ROOT).contains("merged")) {
                throw new RefusedException(
                        "Segment " + row.segment() + " of processor " + processor
                                + " has just been merged, and its halves are at different positions: try again when it has caught up");
            }
        }
        int[] all = rows.stream().mapToInt(Row::segment).toArray();
        return new LivePositions(rows.stream()
                .map(row -> new OfSegment(Segment.computeSegment(row.segment(), all), row.position()))
                .toList());
    }

    /** Everything up to here was handled, by whichever segment. */
    long least() {
        return segments.stream().mapToLong(OfSegment::position).min().orElse(Long.MAX_VALUE);
    }

    /** Nothing behind this was handled. */
    long most() {
        return segments.stream().mapToLong(OfSegment::position).max().orElse(Long.MAX_VALUE);
    }

    /** Whether the live read model has handled an event. */
    boolean include(EventMessage<?> event, long position, Handlers handlers) {
        return segments.isEmpty()
                || segments.stream()
                        .filter(each -> each.segment().matches(handlers.sequenceOf(event)))
                        .anyMatch(each -> position <= each.position());
    }
}
