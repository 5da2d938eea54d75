package io.farandole.audit.rebuild;

import io.farandole.audit.rebuild.Rebuild.State;
import io.farandole.eventstore.JournalEventStorageEngine;
import io.farandole.messaging.EventTypes;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.axonframework.eventhandling.EventProcessor;
import org.springframework.transaction.PlatformTransactionManager;

/**
 * Rebuilds read models from the journal, and compares them with it, while the service goes on.
 *
 * <p>What is asked for is kept in the database, and any instance carries it out, one at a time; if that instance dies, another
 * goes on where it was. Each is recorded with who asked for it and why, in {@code farandole.rebuild}. Thread-safe.
 */
public final class Rebuilds implements AutoCloseable {

    private final RebuildParts parts;
    private final Map<String, ReadModel> models = new LinkedHashMap<>();
    private final Function<String, Optional<EventProcessor>> processors;
    private final RebuildWorker worker;

    /**
     * Rebuilds of these read models.
     *
     * @param processors the processors of the processing groups
     * @param transactions over the data source; the handlers' statements take part in them
     * @param instance a name that no other running instance has
     */
    public Rebuilds(
            DataSource dataSource,
            PlatformTransactionManager transactions,
            JournalEventStorageEngine engine,
            EventTypes types,
            Collection<ReadModel> readModels,
            Function<String, Optional<EventProcessor>> processors,
            RebuildSettings settings,
            String instance) {
        this.parts = RebuildParts.of(dataSource, transactions, engine, types, settings);
        readModels.forEach(model -> models.put(model.group(), model));
        this.processors = processors;
        this.worker = new RebuildWorker(parts, this::found, instance);
    }

    /** Begins to look for what is to be done; without a read model there is nothing, and nobody looks. */
    public void start() {
        if (!models.isEmpty()) {
            worker.start();
        }
    }

    /** Ends the work of this instance, after the transaction at hand; another instance goes on. */
    @Override
    public void close() {
        worker.close();
    }

    /** The read models that can be rebuilt. */
    public List<ReadModel> readModels() {
        return List.copyOf(models.values());
    }

    /**
     * Asks for a rebuild or a comparison.
     *
     * @throws RefusedException if it cannot be done, with a sentence that says why
     */
    public Rebuild start(RebuildRequest request) {
        ReadModelParts found = found(request.readModel());
        ReadModel model = found.model();
        if (model.isByAggregate() && found.handlers().isStreaming()) {
            throw new RefusedException("The handlers of " + model.group()
                    + " follow the journal, and hear what others have published too, which belongs to no aggregate here: name"
                    + " the column that holds a row's process (process-key) instead of its aggregate, or none");
        }
        if (model.owned().isEmpty() && (request.limit().isLimited() || request.threads() > 1)) {
            throw new RefusedException("Rows of " + model.group()
                    + " may depend on several processes, so all of them are replayed, by one thread. If each row depends on one"
                    + " process alone, or on one aggregate, name the column that holds it: farandole.audit.read-models."
                    + model.group() + ".tables[..].process-key or .aggregate-id");
        }
        long id = parts.table().insert(request);
        worker.wake();
        return find(id).orElseThrow();
    }

    /** One of them; empty if there is none of that number. */
    public Optional<Rebuild> find(long id) {
        return parts.table().find(id);
    }

    /** The latest, newest first. */
    public List<Rebuild> latest(int limit) {
        return parts.table().latest(limit);
    }

    /** Stops the work until it is resumed; the copy stays. Empty if there is none of that number. */
    public Optional<Rebuild> pause(long id, String by, String reason) {
        return decide(
                id, "PAUSE", by, reason, () -> parts.table().change(id, State.PAUSED, List.of(State.RUNNING), null));
    }

    /** Goes on with a paused one. Empty if there is none of that number. */
    public Optional<Rebuild> resume(long id, String by, String reason) {
        return decide(
                id, "RESUME", by, reason, () -> parts.table().change(id, State.RUNNING, List.of(State.PAUSED), null));
    }

    /** Ends one for good; the live tables stay as they are, and the copy is dropped. Empty if there is none of that number. */
    public Optional<Rebuild> cancel(long id, String by, String reason) {
        return decide(id, "CANCEL", by, reason, () -> parts.table()
                .change(
                        id,
                        State.CANCELLED,
                        List.of(State.RUNNING, State.PAUSED),
                        "Cancelled by " + by + ": " + reason));
    }

    private Optional<Rebuild> decide(long id, String decision, String by, String reason, Supplier<Boolean> change) {
        if (find(id).isEmpty()) {
            return Optional.empty();
        }
        parts.inTransaction(() -> {
            if (!change.get()) {
                State state = find(id).orElseThrow().state();
                throw new RefusedException("Rebuild " + id + " is " + state + ", so there is nothing to "
                        + decision.toLowerCase(java.util.Locale.ROOT));
            }
            parts.table().decided(id, decision, by, reason);
        });
        worker.wake();
        return find(id);
    }

    private ReadModelParts found(String group) {
        ReadModel model = models.get(group);
        if (model == null) {
            throw new RefusedException("There is no read model " + group + " among " + models.keySet()
                    + ": name the tables that its handlers write in farandole.audit.read-models." + group + ".tables");
        }
        EventProcessor processor = processors
                .apply(group)
                .orElseThrow(() -> new RefusedException("There is no processing group " + group
                        + " here: correct farandole.audit.read-models, or configure what its handlers need"));
        Handlers handlers = Handlers.of(group, processor);
        List<TableShape> shapes = model.tables().stream()
                .map(table -> TableShape.read(parts.jdbc(), group, table))
                .toList();
        if (shapes.stream().map(TableShape::schema).distinct().count() > 1) {
            throw new RefusedException("The tables of " + group + " are in several schemas; a copy has one");
        }
        return new ReadModelParts(model, handlers, shapes);
    }
}
