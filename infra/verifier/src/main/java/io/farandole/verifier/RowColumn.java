package io.farandole.verifier;

import java.util.Arrays;
import java.util.stream.Collectors;

/** The columns of the journal, in the order of the canonical form. New ones make a new form; see {@link StoredRow#FORM}. */
public enum RowColumn {
    POSITION(0, Kind.BIGINT),
    OWN(1, Kind.BOOLEAN),
    EVENT_ID(2, Kind.TEXT),
    SOURCE(3, Kind.TEXT),
    AGGREGATE_TYPE(4, Kind.TEXT),
    AGGREGATE_ID(5, Kind.TEXT),
    SEQUENCE(6, Kind.BIGINT),
    PAYLOAD_TYPE(7, Kind.TEXT),
    PAYLOAD_VERSION(8, Kind.INTEGER),
    PAYLOAD(9, Kind.TEXT),
    METADATA(10, Kind.TEXT),
    PROCESS_KEY(11, Kind.TEXT),
    CORRELATION_ID(12, Kind.TEXT),
    CAUSATION_ID(13, Kind.TEXT),
    TRACEPARENT(14, Kind.TEXT),
    WIRE_TYPE(15, Kind.TEXT),
    WIRE_PAYLOAD(16, Kind.TEXT),
    SOURCE_SEQUENCE(17, Kind.BIGINT),
    KEY_ID(18, Kind.TEXT),
    OCCURRED_AT(19, Kind.TIME),
    RECORDED_AT(20, Kind.TIME);

    enum Kind {
        BIGINT,
        INTEGER,
        BOOLEAN,
        TEXT,
        TIME
    }

    private static final RowColumn[] ALL = values();
    private static final String NAMES =
            Arrays.stream(ALL).map(RowColumn::columnName).collect(Collectors.joining(", "));

    private final int index;
    private final Kind kind;

    RowColumn(int index, Kind kind) {
        this.index = index;
        this.kind = kind;
    }

    /** Its name in {@code farandole.journal}. */
    public String columnName() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    /** Its place in the canonical form, from 0. */
    int index() {
        return index;
    }

    Kind kind() {
        return kind;
    }

    static int count() {
        return ALL.length;
    }

    /** All names, for SQL. */
    static String names() {
        return NAMES;
    }
}
