package io.farandole.audit.whatif;

import io.farandole.messaging.JsonCodec;
import io.farandole.saga.KeyedSagaStore;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;

/** The sagas as they stand in the live database, to be compared with replayed ones. Reads only. Thread-safe. */
public final class LiveSagas {

    private static final String REPLAYED_DEADLINE = "replayed-deadline-";

    private final JdbcTemplate jdbc;
    private final KeyedSagaStore sagas;
    private final JsonCodec codec;

    /** Those of a database; the role reads the tables of sagas, tokens and parked processes. */
    public LiveSagas(DataSource dataSource, JsonCodec codec) {
        this.jdbc = new JdbcTemplate(dataSource);
        this.sagas = new KeyedSagaStore(dataSource);
        this.codec = codec;
    }

    /**
     * Up to which position all segments of a processor have certainly handled the journal; 0 if it has none. A segment that nothing came for lately
     * may have seen more.
     */
    long handledUpTo(String processor) {
        Long position = jdbc.queryForObject(
                "select coalesce(min(coalesce(position, 0)), 0) from farandole.token_entry where processor = ?",
                Long.class,
                processor);
        return position == null ? 0 : position;
    }

    /**
     * How a live saga stands otherwise than the replayed one; nothing for one that is set aside, or forgotten since it ended, or may not have
     * handled everything yet.
     *
     * @param atRest whether it has handled everything; one that has ended has
     */
    List<String> differences(SagaVersion<?> version, ReplayedProcess replayed, boolean atRest) {
        String key = replayed.processKey();
        Boolean parked = jdbc.queryForObject(
                "select exists (select from farandole.parked_process where processor = ? and process_key = ?)",
                Boolean.class,
                version.processor(),
                key);
        if (Boolean.TRUE.equals(parked)) {
            return List.of();
        }
        List<String> differences = new ArrayList<>();
        for (KeyedSagaStore.View live : sagas.ofProcess(key)) {
            boolean ended = live.endedAt() != null;
            if (live.sagaType().equals(version.name()) && (ended || atRest)) {
                String state = replayed.state();
                if (ended != replayed.ended()) {
                    differences.add(
                            ended
                                    ? "The live saga has ended, the replayed one has not."
                                    : "The live saga has not ended, the replayed one has.");
                }
                if (state == null) {
                    differences.add("There is a live saga, but the replay starts none.");
                } else {
                    compare(
                            "",
                            codec.mapper().readTree(live.state()),
                            codec.mapper().readTree(state),
                            differences);
                }
                differences.addAll(Comparison.steps(live.steps(), replayed.steps()));
            }
        }
        return differences;
    }

    /** By fields, so that a secret in one of them is not told: only its name is. An id of a deadline is another one in each replay. */
    private static void compare(String path, JsonNode live, JsonNode replayed, List<String> differences) {
        if (live.isObject() && replayed.isObject()) {
            live.properties()
                    .forEach(field -> compare(
                            path.isEmpty() ? field.getKey() : path + "." + field.getKey(),
                            field.getValue(),
                            replayed.path(field.getKey()),
                            differences));
            replayed.properties().stream()
                    .filter(field -> !live.has(field.getKey()))
                    .forEach(field -> differences.add("The live saga has no field " + field.getKey() + "."));
        } else if (!live.equals(replayed)
                && !(replayed.isString()
                        && live.isString()
                        && replayed.asString().startsWith(REPLAYED_DEADLINE))) {
            differences.add("Field " + path + " of the live saga has another value.");
        }
    }
}
