package io.farandole.verifier.bundle;

import io.farandole.verifier.Hash;
import io.farandole.verifier.InclusionProof;
import io.farandole.verifier.RowColumn;
import io.farandole.verifier.Seal;
import io.farandole.verifier.StoredRow;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A row of a journal as a line of a bundle: a CloudEvent 1.0 in JSON, whose attributes hold all of the row's columns, so that its
 * hash can be computed from the line. {@code data} is the payload as it is stored, character by character; {@code data_base64}
 * where it cannot stand in a line. Columns without a value are left out. Immutable.
 */
public final class BundledRow {

    private static final Map<RowColumn, String> NAMES = new EnumMap<>(RowColumn.class);

    static {
        for (RowColumn column : RowColumn.values()) {
            NAMES.put(column, column.columnName().replace("_", ""));
        }
        NAMES.put(RowColumn.EVENT_ID, "id");
        NAMES.put(RowColumn.PAYLOAD_TYPE, "type");
        NAMES.put(RowColumn.PAYLOAD_VERSION, "dataversion");
        NAMES.put(RowColumn.AGGREGATE_ID, "subject");
        NAMES.put(RowColumn.OCCURRED_AT, "time");
        NAMES.put(RowColumn.PAYLOAD, "data");
    }

    private static final Set<RowColumn> NUMBERS =
            EnumSet.of(RowColumn.POSITION, RowColumn.SEQUENCE, RowColumn.SOURCE_SEQUENCE);
    private static final Set<RowColumn> TIMES = EnumSet.of(RowColumn.OCCURRED_AT, RowColumn.RECORDED_AT);
    private static final Set<String> KNOWN = NAMES.values().stream().collect(Collectors.toSet());
    private static final Set<String> OTHERS =
            Set.of("specversion", "datacontenttype", "data_base64", "rowhash", "redacted", "proof");

    private final Map<RowColumn, Object> columns;
    private final Set<RowColumn> redacted;
    private final Hash hash;
    private final @Nullable InclusionProof proof;

    private BundledRow(
            Map<RowColumn, Object> columns, Set<RowColumn> redacted, Hash hash, @Nullable InclusionProof proof) {
        this.columns = columns;
        this.redacted = redacted;
        this.hash = hash;
        this.proof = proof;
    }

    /**
     * A row as it is stored.
     *
     * @param proof that it was sealed; null if it is not yet
     */
    public static BundledRow of(StoredRow row, @Nullable InclusionProof proof) {
        Map<RowColumn, Object> columns = new EnumMap<>(RowColumn.class);
        for (RowColumn column : RowColumn.values()) {
            Object value = row.value(column);
            if (value != null) {
                columns.put(column, value);
            }
        }
        return new BundledRow(columns, EnumSet.noneOf(RowColumn.class), row.hash(), proof);
    }

    /** The same with other texts in some columns; it keeps the hash that it has without them. */
    public BundledRow redacted(Map<RowColumn, String> texts) {
        if (texts.isEmpty()) {
            return this;
        }
        Map<RowColumn, Object> changed = new EnumMap<>(columns);
        changed.putAll(texts);
        Set<RowColumn> all = EnumSet.copyOf(texts.keySet());
        all.addAll(redacted);
        return new BundledRow(changed, all, hash, proof);
    }

    /** Its place in the journal. */
    public long position() {
        return columns.get(RowColumn.POSITION) instanceof Long position ? position : 0;
    }

    /** What a column holds; null if nothing, or if it is not said. */
    public @Nullable Object value(RowColumn column) {
        return columns.get(column);
    }

    /** A column's text; empty if it has none. */
    public String text(RowColumn column) {
        Object value = columns.get(column);
        return value == null ? "" : value.toString();
    }

    /** The columns that are not as they are stored. */
    public Set<RowColumn> redacted() {
        return redacted.isEmpty() ? Set.of() : EnumSet.copyOf(redacted);
    }

    /** The row's hash: computed, or of a redacted one as it is said to be. */
    public Hash hash() {
        return hash;
    }

    /** What proves that it was sealed; null if it is not. */
    public @Nullable InclusionProof proof() {
        return proof;
    }

    /** Whether a seal covers a row of this hash at this position. */
    boolean sealedBy(Seal seal) {
        return proof != null && proof.proves(position(), hash, seal);
    }

    /** The line, without its end. */
    public String line() {
        StringBuilder line = new StringBuilder(1024).append("{\"specversion\":\"1.0\"");
        for (RowColumn column : RowColumn.values()) {
            Object value = columns.get(column);
            if (value != null && column != RowColumn.PAYLOAD) {
                String text = value instanceof Boolean || value instanceof Integer
                        ? value.toString()
                        : Json.quoted(value.toString());
                line.append(',').append(Json.quoted(name(column))).append(':').append(text);
            }
        }
        if (!redacted.isEmpty()) {
            String names = redacted.stream().map(BundledRow::name).collect(Collectors.joining(" "));
            line.append(",\"rowhash\":\"")
                    .append(hash)
                    .append("\",\"redacted\":")
                    .append(Json.quoted(names));
        }
        InclusionProof sealed = proof;
        if (sealed != null) {
            line.append(",\"proof\":\"").append(written(sealed)).append('"');
        }
        line.append(",\"datacontenttype\":\"application/json\"");
        String payload = text(RowColumn.PAYLOAD);
        if (Json.isOnOneLine(payload)) {
            line.append(",\"data\":").append(payload);
        } else {
            line.append(",\"data_base64\":\"")
                    .append(Base64.getEncoder().encodeToString(payload.getBytes(StandardCharsets.UTF_8)))
                    .append('"');
        }
        return line.append('}').toString();
    }

    /**
     * Reads a line.
     *
     * @throws IllegalArgumentException if it is not one that was written here; says what is wrong with it
     */
    public static BundledRow parse(String line) {
        Members members = Json.object(line);
        for (String name : members.values().keySet()) {
            if (!KNOWN.contains(name) && !OTHERS.contains(name)) {
                throw new IllegalArgumentException("attribute " + name + " is unknown");
            }
        }
        if (!"1.0".equals(members.optional("specversion"))) {
            throw new IllegalArgumentException("it is no CloudEvent of version 1.0");
        }
        Map<RowColumn, Object> columns = new EnumMap<>(RowColumn.class);
        for (RowColumn column : RowColumn.values()) {
            Object value = column == RowColumn.PAYLOAD ? payload(members) : value(members, column);
            if (value != null) {
                columns.put(column, value);
            }
        }
        String redactedNames = members.optional("redacted");
        Set<RowColumn> redacted = EnumSet.noneOf(RowColumn.class);
        if (redactedNames != null) {
            for (String name : redactedNames.split(" ", -1)) {
                redacted.add(column(name));
            }
        }
        if (redacted.isEmpty() == members.has("rowhash")) {
            throw new IllegalArgumentException("rowhash is there without redacted, or redacted without it");
        }
        Hash hash = redacted.isEmpty() ? StoredRow.of(columns).hash() : Hash.parse(members.text("rowhash"));
        if (!columns.containsKey(RowColumn.POSITION)) {
            throw new IllegalArgumentException("attribute position is missing");
        }
        String proof = members.optional("proof");
        return new BundledRow(columns, redacted, hash, proof == null ? null : proof(proof));
    }

    private static @Nullable Object value(Members members, RowColumn column) {
        String name = name(column);
        if (!members.has(name)) {
            return null;
        }
        if (column == RowColumn.OWN) {
            return members.flag(name);
        }
        if (column == RowColumn.PAYLOAD_VERSION) {
            return Math.toIntExact(members.number(name));
        }
        if (TIMES.contains(column)) {
            Instant time = members.time(name);
            if (time != null && !time.truncatedTo(ChronoUnit.MICROS).equals(time)) {
                throw Members.wrong(name, "a time in microseconds");
            }
            return time;
        }
        String text = members.text(name);
        if (NUMBERS.contains(column)) {
            if (!text.matches("-?[0-9]{1,18}")) {
                throw Members.wrong(name, "a number as a text");
            }
            return Long.valueOf(text);
        }
        return text;
    }

    private static String payload(Members members) {
        String raw = members.raw().get("data");
        String encoded = members.optional("data_base64");
        if ((raw == null) == (encoded == null)) {
            throw new IllegalArgumentException("either data or data_base64 is there");
        }
        return raw != null ? raw : new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
    }

    private static String name(RowColumn column) {
        String name = NAMES.get(column);
        return name == null ? column.name().toLowerCase(Locale.ROOT) : name;
    }

    private static RowColumn column(String name) {
        return Arrays.stream(RowColumn.values())
                .filter(column -> name(column).equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("attribute redacted names " + name));
    }

    private static String written(InclusionProof proof) {
        return proof.seal() + ":" + proof.index() + ":" + proof.size() + ":"
                + proof.path().stream().map(Hash::toString).collect(Collectors.joining(","));
    }

    private static InclusionProof proof(String text) {
        String[] parts = text.split(":", -1);
        if (parts.length != 4 || !String.join("", parts[0], parts[1], parts[2]).matches("[0-9]{3,40}")) {
            throw Members.wrong("proof", "a proof");
        }
        List<Hash> path = new ArrayList<>();
        for (String hash : parts[3].isEmpty() ? new String[0] : parts[3].split(",", -1)) {
            path.add(Hash.parse(hash));
        }
        return new InclusionProof(
                Long.parseLong(parts[0]), Integer.parseInt(parts[1]), Integer.parseInt(parts[2]), path);
    }

    /** Names the event without its payload. */
    @Override
    public String toString() {
        return "BundledRow[" + position() + " " + text(RowColumn.EVENT_ID) + "]";
    }
}
