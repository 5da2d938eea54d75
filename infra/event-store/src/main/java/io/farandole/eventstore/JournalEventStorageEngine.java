package io.farandole.eventstore;

import io.farandole.messaging.Envelope;
import io.farandole.messaging.EventType;
import io.farandole.messaging.EventTypes;
import io.farandole.messaging.Headers;
import io.farandole.messaging.JsonCodec;
import io.farandole.messaging.Limits;
import io.farandole.messaging.Publications;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.axonframework.common.AxonConfigurationException;
import org.axonframework.eventhandling.DomainEventData;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.TrackedEventData;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventhandling.WrappedToken;
import org.axonframework.eventsourcing.eventstore.BatchingEventStorageEngine;
import org.axonframework.messaging.MetaData;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.modelling.command.ConcurrencyException;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.UnknownSerializedType;
import org.axonframework.serialization.upcasting.event.EventUpcaster;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DuplicateKeyException;

/**
 * Axon's storage engine over the {@link Journal}.
 *
 * <p>Appending joins the current transaction; in a unit of work it takes place right before the commit, in one round trip with
 * what else is written then ({@link LastStatements}). An event's published form, if
 * the {@link Publications} give it one, is stored with it. Its process key is the one that its registration names, else
 * the one in its metadata, else its aggregate's id, else its own id. Metadata values survive as JSON does: text, numbers,
 * booleans, lists and maps.
 *
 * <p>An aggregate's sequence number that is taken is reported as {@link ConcurrencyException} (or, for the first event, as
 * {@code AggregateStreamCreationException}) that names aggregate and sequence; an unregistered event as an error that says
 * how to register it. Only own events belong to aggregates; tracking readers see own and received ones, the latter with
 * {@link Headers#SOURCE}.
 *
 * <p>Immutable and thread-safe.
 */
public class JournalEventStorageEngine extends BatchingEventStorageEngine {

    private static final Pattern TAKEN_SEQUENCE =
            Pattern.compile("\\(aggregate_id, sequence\\)=\\((.*), (\\d+)\\)", Pattern.DOTALL);
    private static final Pattern TAKEN_ID = Pattern.compile("\\(source, event_id\\)=\\([^,]*, (.*?)\\)");

    private final Journal journal;
    private final RegistrySerializer serializer;
    private final JsonCodec codec;
    private final EventTypes types;
    private final Publications publications;
    private final JournalMessages messages;
    private final String aheadKey = getClass().getName() + "-ahead-" + System.identityHashCode(this);

    /** An engine as the builder describes it. */
    protected JournalEventStorageEngine(Builder builder) {
        super(builder);
        this.journal = builder.requiredJournal();
        this.serializer = builder.requiredSerializer();
        this.codec = serializer.codec();
        this.types = serializer.types();
        this.publications = builder.publications;
        this.messages = new JournalMessages(serializer, upcasterChain);
        tellTimesAsTheyAreKept();
    }

    /**
     * Handlers that are subscribed to commands are to see an event's time as a replay will show it: what the journal keeps of it. Finer
     * times would be cut by the journal and rounded by the driver, in columns of read models that are then never quite what
     * the journal makes of them. A clock that somebody has set is left alone.
     */
    private static synchronized void tellTimesAsTheyAreKept() {
        if (Clock.systemUTC().equals(GenericEventMessage.clock)) {
            GenericEventMessage.clock = Clock.tick(Clock.systemUTC(), ChronoUnit.MICROS.getDuration());
        }
    }

    /** Starts an engine. */
    public static Builder builder() {
        return new Builder();
    }

    /** The journal that it stores in. */
    public Journal journal() {
        return journal;
    }

    @Override
    protected void appendEvents(List<? extends EventMessage<?>> events, Serializer ignored) {
        if (events.isEmpty()) {
            return;
        }
        List<JournalEntry> entries = new ArrayList<>(events.size());
        for (EventMessage<?> event : events) {
            entries.add(entry(event));
        }
        journal.appendLast(entries, failure -> meaning(failure, events));
    }

    /** What a failure of a transaction's last statements means if it was the journal that refused these events. */
    private @Nullable RuntimeException meaning(DataAccessException failure, List<? extends EventMessage<?>> events) {
        ServerErrorMessage refusal =
                failure.getMostSpecificCause() instanceof PSQLException e ? e.getServerErrorMessage() : null;
        if (refusal == null
                || refusal.getConstraint() == null
                || !refusal.getConstraint().startsWith("journal_")) {
            return null;
        }
        EventMessage<?> event = refused(String.valueOf(refusal.getDetail()), events);
        if (event == null) {
            return null;
        }
        try {
            handlePersistenceException(failure, event);
            return null;
        } catch (RuntimeException meaning) {
            return meaning;
        }
    }

    private JournalEntry entry(EventMessage<?> event) {
        Object payload = event.getPayload();
        EventType type = types.typeOf(payload.getClass());
        String json = codec.write(payload);
        Object published = publications.publish(payload).orElse(null);
        EventType wireType = published == null ? null : types.typeOf(published.getClass());
        String wireJson = published == null || published == payload ? null : codec.write(published);
        MetaData metaData = event.getMetaData();
        DomainEventMessage<?> domain = event instanceof DomainEventMessage<?> message ? message : null;
        if (wireType != null) {
            refuseWhatCannotTravel(event, domain, wireType, wireJson == null ? json : wireJson);
        }
        return new JournalEntry(
                event.getIdentifier(),
                domain == null ? null : domain.getType(),
                domain == null ? null : domain.getAggregateIdentifier(),
                domain == null ? null : domain.getSequenceNumber(),
                type,
                json,
                others(metaData),
                processKey(event, domain),
                text(metaData, Headers.CORRELATION_ID),
                text(metaData, Headers.CAUSATION_ID),
                text(metaData, Headers.TRACEPARENT),
                wireType,
                json.equals(wireJson) ? null : wireJson,
                null,
                event.getTimestamp());
    }

    /** Before anything is committed: an event that cannot be published would hold up everything behind it for ever. */
    private void refuseWhatCannotTravel(
            EventMessage<?> event, @Nullable DomainEventMessage<?> domain, EventType wireType, String body) {
        MetaData metaData = event.getMetaData();
        Limits.violation(new Envelope(
                        event.getIdentifier(),
                        journal.context(),
                        wireType,
                        domain == null ? null : domain.getAggregateIdentifier(),
                        event.getTimestamp(),
                        processKey(event, domain),
                        0,
                        text(metaData, Headers.CORRELATION_ID),
                        text(metaData, Headers.CAUSATION_ID),
                        text(metaData, Headers.TRACEPARENT),
                        null,
                        body))
                .ifPresent(violation -> {
                    throw new IllegalArgumentException("Event " + event.getIdentifier() + " cannot be published as "
                            + wireType + ", so it is not stored: " + violation
                            + ". Refuse such input in the command handler, or publish less of it");
                });
    }

    private String processKey(EventMessage<?> event, @Nullable DomainEventMessage<?> domain) {
        Optional<String> named = types.processKeyOf(event.getPayload());
        if (named.isPresent()) {
            return named.get();
        }
        String inherited = text(event.getMetaData(), Headers.PROCESS_KEY);
        if (inherited != null) {
            return inherited;
        }
        return domain == null ? event.getIdentifier() : domain.getAggregateIdentifier();
    }

    private static @Nullable String text(MetaData metaData, String name) {
        Object value = metaData.get(name);
        return value == null ? null : value.toString();
    }

    private @Nullable String others(MetaData metaData) {
        Map<String, Object> others = null;
        for (Map.Entry<String, ?> entry : metaData.entrySet()) {
            if (!JournalEventData.COLUMNS.contains(entry.getKey())) {
                others = others == null ? new HashMap<>() : others;
                others.put(entry.getKey(), entry.getValue());
            }
        }
        return others == null ? null : codec.write(others);
    }

    /**
     * Which of these events the database refused: its detail holds the key, whatever its language. Not the exception's message,
     * which lacks it where the driver keeps values out of logs. Null if it was another append's, in the same round trip.
     */
    private static @Nullable EventMessage<?> refused(String detail, List<? extends EventMessage<?>> events) {
        Matcher sequence = TAKEN_SEQUENCE.matcher(detail);
        Matcher id = TAKEN_ID.matcher(detail);
        if (sequence.find()) {
            return first(
                    events,
                    event -> event instanceof DomainEventMessage<?> domain
                            && domain.getSequenceNumber() == Long.parseLong(sequence.group(2))
                            && domain.getAggregateIdentifier().equals(sequence.group(1)));
        }
        return id.find() ? first(events, event -> event.getIdentifier().equals(id.group(1))) : events.get(0);
    }

    private static @Nullable EventMessage<?> first(
            List<? extends EventMessage<?>> events, Predicate<EventMessage<?>> wanted) {
        for (EventMessage<?> event : events) {
            if (wanted.test(event)) {
                return event;
            }
        }
        return null;
    }

    @Override
    protected List<? extends TrackedEventData<?>> fetchTrackedEvents(@Nullable TrackingToken lastToken, int batchSize) {
        return journal.read(position(lastToken), batchSize).rows().stream()
                .map(row -> JournalEventData.of(row, codec))
                .toList();
    }

    @Override
    protected List<? extends DomainEventData<?>> fetchDomainEvents(
            String aggregateIdentifier, long firstSequenceNumber, int batchSize) {
        Ahead ahead = CurrentUnitOfWork.isStarted()
                ? (Ahead) CurrentUnitOfWork.get().resources().remove(aheadKey)
                : null;
        List<JournalRow> rows = ahead != null && ahead.isOf(aggregateIdentifier, firstSequenceNumber, batchSize)
                ? ahead.rows()
                : journal.readAggregate(aggregateIdentifier, firstSequenceNumber, batchSize);
        List<DomainEventData<?>> events = new ArrayList<>();
        for (JournalRow row : rows) {
            events.add((DomainEventData<?>) JournalEventData.of(row, codec));
        }
        return events;
    }

    /**
     * An aggregate's first events, read along with its snapshot: Axon asks for them next, in the same unit of work. Taken once, and
     * only if what is asked for is just that.
     */
    private record Ahead(String aggregateId, long first, int limit, List<JournalRow> rows) {

        boolean isOf(String otherId, long otherFirst, int otherLimit) {
            return aggregateId.equals(otherId) && first == otherFirst && limit == otherLimit;
        }
    }

    /**
     * A row as messages: one, or as many as the upcasters make of it, all with the row's token. The payload is read when it is
     * asked for; of a type that nobody knows any more it is an {@link UnknownSerializedType}.
     */
    public List<TrackedEventMessage<?>> messages(JournalRow row) {
        return messages.of(row);
    }

    /** The position that a token stands for; 0 for none. */
    static long position(@Nullable TrackingToken token) {
        TrackingToken bound = token == null ? null : WrappedToken.unwrapLowerBound(token);
        if (bound == null) {
            return 0;
        }
        if (bound instanceof GlobalSequenceTrackingToken sequence) {
            return sequence.getGlobalIndex();
        }
        throw new IllegalArgumentException("A journal is read with tokens of its own, not with " + bound
                + ". If this processor has followed another event store, reset its tokens");
    }

    @Override
    protected void storeSnapshot(DomainEventMessage<?> snapshot, Serializer snapshotSerializer) {
        JournalSnapshots.store(journal.jdbc(), snapshot, snapshotSerializer, codec);
    }

    @Override
    protected Stream<? extends DomainEventData<?>> readSnapshotData(String aggregateIdentifier) {
        List<DomainEventData<?>> snapshots = new ArrayList<>();
        RoundTrip load = new RoundTrip(journal.jdbc());
        load.add(JournalSnapshots.reading(aggregateIdentifier, codec, snapshots));
        if (CurrentUnitOfWork.isStarted()) {
            List<JournalRow> rows = new ArrayList<>();
            load.add(JournalStatements.readingAfterSnapshot(aggregateIdentifier, batchSize(), rows));
            load.execute();
            long first = snapshots.isEmpty() ? 0 : snapshots.get(0).getSequenceNumber() + 1;
            CurrentUnitOfWork.get().resources().put(aheadKey, new Ahead(aggregateIdentifier, first, batchSize(), rows));
        } else {
            load.execute();
        }
        return snapshots.stream()
                .filter(snapshot ->
                        serializer.classForType(snapshot.getPayload().getType()) != UnknownSerializedType.class);
    }

    @Override
    public Optional<Long> lastSequenceNumberFor(String aggregateIdentifier) {
        return journal.lastSequence(aggregateIdentifier);
    }

    /** {@inheritDoc} The position before the first. */
    @Override
    public TrackingToken createTailToken() {
        return new GlobalSequenceTrackingToken(0);
    }

    /** {@inheritDoc} Waits for the transactions that are appending at the moment; see {@link Journal#head}. */
    @Override
    public TrackingToken createHeadToken() {
        return new GlobalSequenceTrackingToken(journal.head());
    }

    /** {@inheritDoc} Waits like {@link #createHeadToken}. */
    @Override
    public TrackingToken createTokenAt(Instant dateTime) {
        return new GlobalSequenceTrackingToken(journal.positionBefore(dateTime));
    }

    /** Describes an engine; not thread-safe. Journal and serializer are required. */
    public static class Builder extends BatchingEventStorageEngine.Builder {

        private static final int BATCH_SIZE = 512;

        private @Nullable Journal journal;
        private @Nullable RegistrySerializer serializer;
        private Publications publications = Publications.builder().build();

        /** For {@link JournalEventStorageEngine#builder}. */
        protected Builder() {
            batchSize(BATCH_SIZE);
            persistenceExceptionResolver(DuplicateKeyException.class::isInstance);
        }

        /** Where to store. */
        public Builder journal(Journal newJournal) {
            this.journal = newJournal;
            return this;
        }

        /** For events and snapshots; its registry says which events there are. */
        public Builder serializer(RegistrySerializer newSerializer) {
            this.serializer = newSerializer;
            super.eventSerializer(newSerializer);
            super.snapshotSerializer(newSerializer);
            return this;
        }

        /** What of it others may know; nothing by default. */
        public Builder publications(Publications newPublications) {
            this.publications = newPublications;
            return this;
        }

        /** {@inheritDoc} On live streams a context-aware upcaster sees one event at a time. */
        @Override
        public Builder upcasterChain(EventUpcaster upcasterChain) {
            super.upcasterChain(upcasterChain);
            return this;
        }

        /** The finished engine. */
        public JournalEventStorageEngine build() {
            return new JournalEventStorageEngine(this);
        }

        private Journal requiredJournal() {
            if (journal == null) {
                throw new AxonConfigurationException("A JournalEventStorageEngine needs a journal");
            }
            return journal;
        }

        private RegistrySerializer requiredSerializer() {
            if (serializer == null) {
                throw new AxonConfigurationException("A JournalEventStorageEngine needs a RegistrySerializer");
            }
            return serializer;
        }

        @Override
        protected void validate() {
            requiredJournal();
            requiredSerializer();
            super.validate();
        }
    }
}
