package io.farandole.boot.audit;

import io.farandole.audit.rebuild.ReadModel;
import io.farandole.audit.rebuild.RebuildSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Which read models can be rebuilt from the journal and compared with it, and how that is done.
 *
 * @param readModels by processing group; none by default, and then nothing can be rebuilt
 * @param rebuild how rebuilds are carried out
 */
@ConfigurationProperties("farandole.audit")
public record ReadModelProperties(@DefaultValue Map<String, Declared> readModels, @DefaultValue Carried rebuild) {

    public ReadModelProperties {
        readModels = Map.copyOf(readModels);
        readModels.forEach((group, declared) -> {
            if (declared.tables().isEmpty()) {
                throw new IllegalArgumentException("farandole.audit.read-models." + group
                        + ".tables is empty: name all tables that the group's handlers write");
            }
        });
    }

    /**
     * A read model.
     *
     * @param tables all tables that its handlers write; those that others refer to first
     */
    public record Declared(@DefaultValue List<Table> tables) {}

    /**
     * One of its tables.
     *
     * @param name without its schema
     * @param processKey the column that holds the process that a row depends on, and on no other. Without it and {@code aggregateId}, everything
     *     is replayed, by one thread
     * @param aggregateId the column that holds the aggregate that a row depends on, and on no other, where its handlers run in the transactions
     *     of the commands; its events may belong to several processes. In place of {@code processKey}
     * @param leftOut columns that are not compared, because they tell of the handling and not of the events
     */
    public record Table(
            String name,
            @Nullable String processKey,
            @Nullable String aggregateId,
            @DefaultValue List<String> leftOut) {

        public Table {
            if (processKey != null && aggregateId != null) {
                throw new IllegalArgumentException(
                        "Table " + name + " of farandole.audit.read-models has process-key and"
                                + " aggregate-id: a row depends on one of them alone");
            }
        }

        private Optional<ReadModel.Owner> owner() {
            if (aggregateId != null) {
                return Optional.of(new ReadModel.Owner(ReadModel.Kind.AGGREGATE, aggregateId));
            }
            return Optional.ofNullable(processKey).map(column -> new ReadModel.Owner(ReadModel.Kind.PROCESS, column));
        }
    }

    /**
     * How rebuilds are carried out.
     *
     * @param batch most rows of the journal that each thread replays in one transaction. 1 or more; a replay in small
     *     batches may be slower than events come in, and then does not end before they slow down. Default 1,000
     * @param lookEvery how often an instance looks for a rebuild that nobody works at; one that it is asked for
     *     itself begins at once. Default 5 s
     * @param lease after which an instance that was not heard of is taken for dead, and another goes on. Default 15 s
     * @param lockTimeout how long one attempt to lock the live tables may hold up others; it is tried again. Keep it below PostgreSQL's {@code
     *     deadlock_timeout}. Default 300 ms
     * @param lockWithin after which the rebuild is given up because the tables were always in use. Default 2 minutes
     * @param examples most rows of each table that a comparison tells. Default 100
     */
    public record Carried(
            @DefaultValue("1000") int batch,
            @DefaultValue("5s") Duration lookEvery,
            @DefaultValue("15s") Duration lease,
            @DefaultValue("300ms") Duration lockTimeout,
            @DefaultValue("2m") Duration lockWithin,
            @DefaultValue("100") int examples) {

        public Carried {
            requireOne(batch, "batch");
            requireOne(examples, "examples");
            requirePositive(lookEvery, "look-every");
            requirePositive(lease, "lease");
            requirePositive(lockTimeout, "lock-timeout");
            requirePositive(lockWithin, "lock-within");
        }

        private static void requireOne(int value, String name) {
            if (value < 1) {
                throw new IllegalArgumentException("farandole.audit.rebuild." + name + " is 1 or more, not " + value);
            }
        }

        private static void requirePositive(Duration value, String name) {
            if (value.toMillis() < 1) {
                throw new IllegalArgumentException("farandole.audit.rebuild." + name + " is positive, not " + value);
            }
        }

        RebuildSettings settings() {
            return new RebuildSettings(batch, lookEvery, lease, lockTimeout, lockWithin, examples);
        }
    }

    List<ReadModel> models() {
        return readModels.entrySet().stream()
                .map(entry -> new ReadModel(
                        entry.getKey(),
                        entry.getValue().tables().stream()
                                .map(table -> new ReadModel.Table(table.name(), table.owner(), table.leftOut()))
                                .toList()))
                .toList();
    }
}
