package io.farandole.eventstore;

import java.util.List;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventBusSpanFactory;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingEventStream;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventsourcing.eventstore.AbstractEventStore;
import org.axonframework.messaging.StreamableMessageSource;
import org.axonframework.monitoring.MessageMonitor;
import org.jspecify.annotations.Nullable;

/**
 * Axon's event store over the {@link Journal}: appends with the unit of work, and streams own and received events to
 * processors as soon as they are committed.
 *
 * <p>All streams of a JVM share one reader. A stream hands out events in the order of the journal, each once; it calls
 * back when there are more, so a pooled processor need not poll. Events that several streams hand out are decoded once and
 * shared: handlers must not change them. Thread-safe; a stream belongs to one thread at a time.
 */
public class JournalEventStore extends AbstractEventStore {

    /** How many events a stream decodes ahead of its processor. */
    static final int PAGE = 256;

    private final JournalEventStorageEngine engine;
    private final String stagedKey = getClass().getName() + "-staged-" + System.identityHashCode(this);

    /** A store as the builder describes it. */
    protected JournalEventStore(Builder builder) {
        super(builder);
        this.engine = builder.engine();
    }

    /** Starts a store. */
    public static Builder builder() {
        return new Builder();
    }

    /** The journal behind it. */
    public Journal journal() {
        return engine.journal();
    }

    /** A stream that hands out as much as it is asked for. */
    @Override
    public TrackingEventStream openStream(@Nullable TrackingToken trackingToken) {
        return new JournalStream(engine, JournalEventStorageEngine.position(trackingToken), Pace.NONE);
    }

    /**
     * A source for one processor, whose streams hand out at most so many events more than the processor has handled. A
     * pooled processor queues each event once per segment and slows down sharply when its queues are long, so this makes
     * it faster: about three batches are enough to keep it busy.
     *
     * @param lookAhead at most so many unhandled events; 1 or more
     * @param handledUpTo the position up to which the processor has handled everything, in all segments that it holds here;
     *     {@link Long#MAX_VALUE} if it does not know. Asked often, from several threads; must be quick. Tell {@link
     *     Journal#wake} when it rises, otherwise the stream notices within a few milliseconds.
     */
    public StreamableMessageSource<TrackedEventMessage<?>> paced(int lookAhead, LongSupplier handledUpTo) {
        if (lookAhead < 1) {
            throw new IllegalArgumentException("A processor's look-ahead must be 1 or more, not " + lookAhead);
        }
        return new PacedSource(this, lookAhead, handledUpTo);
    }

    JournalEventStorageEngine engine() {
        return engine;
    }

    @Override
    public void publish(List<? extends EventMessage<?>> events) {
        super.publish(events);
        StagedEvents.stage(stagedKey, events);
    }

    @Override
    protected Stream<? extends DomainEventMessage<?>> stagedDomainEventMessages(String aggregateIdentifier) {
        return StagedEvents.of(stagedKey, aggregateIdentifier);
    }

    /** {@inheritDoc} Wakes the reader, where neither a Spring transaction nor the append itself could do so. */
    @Override
    protected void afterCommit(List<? extends EventMessage<?>> events) {
        super.afterCommit(events);
        engine.journal().wakeIfUntold();
    }

    private record PacedSource(JournalEventStore store, int lookAhead, LongSupplier handledUpTo)
            implements StreamableMessageSource<TrackedEventMessage<?>> {

        @Override
        public TrackingEventStream openStream(@Nullable TrackingToken trackingToken) {
            return new JournalStream(
                    store.engine(),
                    JournalEventStorageEngine.position(trackingToken),
                    new Pace(lookAhead, handledUpTo));
        }

        @Override
        public TrackingToken createTailToken() {
            return store.createTailToken();
        }

        @Override
        public TrackingToken createHeadToken() {
            return store.createHeadToken();
        }

        @Override
        public TrackingToken createTokenAt(java.time.Instant dateTime) {
            return store.createTokenAt(dateTime);
        }
    }

    /** Describes a store; not thread-safe. The engine is required. */
    public static class Builder extends AbstractEventStore.Builder {

        private @Nullable JournalEventStorageEngine engine;

        /** For {@link JournalEventStore#builder}. */
        protected Builder() {}

        /** Where to store. */
        public Builder storageEngine(JournalEventStorageEngine newEngine) {
            this.engine = newEngine;
            super.storageEngine(newEngine);
            return this;
        }

        @Override
        public Builder messageMonitor(MessageMonitor<? super EventMessage<?>> messageMonitor) {
            super.messageMonitor(messageMonitor);
            return this;
        }

        @Override
        public Builder spanFactory(EventBusSpanFactory spanFactory) {
            super.spanFactory(spanFactory);
            return this;
        }

        /** The finished store. */
        public JournalEventStore build() {
            return new JournalEventStore(this);
        }

        private JournalEventStorageEngine engine() {
            if (engine == null) {
                throw new org.axonframework.common.AxonConfigurationException(
                        "A JournalEventStore needs a JournalEventStorageEngine");
            }
            return engine;
        }
    }
}
