package io.farandole.axon;

import io.farandole.eventstore.Journal;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.common.Registration;
import org.axonframework.common.caching.Cache;
import org.axonframework.eventsourcing.AggregateCacheEntry;
import org.axonframework.eventsourcing.EventSourcedAggregate;
import org.axonframework.messaging.InterceptorChain;
import org.axonframework.messaging.MessageHandlerInterceptor;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.axonframework.modelling.command.ConcurrencyException;
import org.jspecify.annotations.Nullable;

/**
 * Aggregates that are kept in memory from command to command, so that they need not be loaded again, and never decide on an old
 * state, however many instances of the service there are. Bounded; those not used for longest go first. Thread-safe.
 *
 * <p>Why it is right. Within this JVM, Axon's lock on the aggregate is held from before the look into the cache until after the
 * commit or rollback, and whatever is no commit removes the aggregate ({@link Used}); so what is found here is the last committed state that this JVM
 * knows. Another instance may have gone on since. Then either
 *
 * <ul>
 *   <li>the command applies events: their sequence numbers are taken, the journal's unique index refuses them; or
 *   <li>it applies none, because of the state it sees: before the commit, one question for all such aggregates of the
 *       transaction finds the newer events; or
 *   <li>it throws: the same question is asked before the exception is believed ({@link #refusals()}).
 * </ul>
 *
 * Each is a {@link ConcurrencyException}: the transaction is rolled back, the aggregate is forgotten, and the command or the
 * batch is repeated with the loaded state, as after any conflict. A change that commits after the question was asked is one that
 * came after the decision, as it might without a cache.
 */
public final class AggregateCache implements Cache {

    private static final String READS = AggregateCache.class.getName();
    private static final String USED = Used.class.getName();

    private final Map<Object, Object> entries;
    private final Journal journal;

    /**
     * An empty cache.
     *
     * @param journal where the aggregates' events are
     * @param size how many aggregates are kept at most; 1 or more
     */
    public AggregateCache(Journal journal, long size) {
        if (size < 1) {
            throw new IllegalArgumentException("A cache keeps 1 aggregate or more, not " + size);
        }
        this.journal = journal;
        this.entries = Collections.synchronizedMap(new LeastRecentlyUsed(size));
    }

    /**
     * A process uses its aggregates a few times within seconds, and then never again. A cache that prefers what was used often
     * in the past (as Caffeine's policy does) would, once full, keep the dead and turn away the living; this one never does.
     */
    private static final class LeastRecentlyUsed extends LinkedHashMap<Object, Object> {

        private static final long serialVersionUID = 1L;
        private static final float LOAD_FACTOR = 0.75f;

        private final long size;

        LeastRecentlyUsed(long size) {
            super(16, LOAD_FACTOR, true);
            this.size = size;
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<Object, Object> eldest) {
            return size() > size;
        }
    }

    /** Refuses a command's exception where an aggregate that it was decided on has changed; to be added to the command bus. */
    static MessageHandlerInterceptor<CommandMessage<?>> refusals() {
        return AggregateCache::handle;
    }

    private static Object handle(UnitOfWork<? extends CommandMessage<?>> unitOfWork, InterceptorChain chain)
            throws Exception {
        try {
            return chain.proceed();
        } catch (Exception e) {
            Reads reads = unitOfWork.root().getResource(READS);
            if (reads != null && FailureKind.of(e) == FailureKind.DEFECT) {
                reads.refuse(e);
            }
            throw e;
        }
    }

    @Override
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals", "NullAway"}) // as Axon declares it, null included
    public <K, V> V get(K key) {
        Object entry = entries.get(key);
        if (entry instanceof AggregateCacheEntry<?> cached && CurrentUnitOfWork.isStarted()) {
            UnitOfWork<?> root = CurrentUnitOfWork.get().root();
            use(root, key);
            Reads reads = root.getOrComputeResource(READS, name -> new Reads(this, root));
            // Not recreated: the entry holds the aggregate itself, and returns it.
            reads.add(key.toString(), cached.recreateAggregate(null, null, null));
        }
        return (V) entry;
    }

    /** {@inheritDoc} Before the commit, as Axon's repository does: what is rolled back after all is forgotten again. */
    @Override
    public void put(Object key, Object value) {
        if (CurrentUnitOfWork.isStarted()) {
            use(CurrentUnitOfWork.get().root(), key);
        }
        entries.put(key, value);
    }

    private void use(UnitOfWork<?> root, Object key) {
        root.getOrComputeResource(USED, name -> new Used(this, root)).keys.add(key);
    }

    /**
     * The aggregates of a transaction, which are forgotten unless it commits. Not told by a rollback alone: an Error that is thrown during
     * the commit ends a unit of work without one (Axon 4.13), and the next command would go on behind events that nobody has. Before the
     * aggregates' locks are released: what is registered for that phase later comes first.
     */
    private static final class Used {

        private final Set<Object> keys = new HashSet<>();

        Used(AggregateCache cache, UnitOfWork<?> root) {
            root.afterCommit(committed -> keys.clear());
            root.onCleanup(ended -> cache.entries.keySet().removeAll(keys));
        }
    }

    @Override
    public boolean putIfAbsent(Object key, Object value) {
        return entries.putIfAbsent(key, value) == null;
    }

    @Override
    public boolean remove(Object key) {
        return entries.remove(key) != null;
    }

    @Override
    public void removeAll() {
        entries.clear();
    }

    @Override
    public boolean containsKey(Object key) {
        return entries.containsKey(key);
    }

    /** {@inheritDoc} Nobody listens: Axon's repositories do not. */
    @Override
    public Registration registerCacheEntryListener(EntryListener cacheEntryListener) {
        throw new UnsupportedOperationException("Aggregates come and go here without a word");
    }

    /** What one transaction has found here, until it is asked about. Used by the transaction's thread. */
    private static final class Reads {

        private final AggregateCache cache;
        private final UnitOfWork<?> root;
        private final Map<String, Read> reads = new HashMap<>();

        Reads(AggregateCache cache, UnitOfWork<?> root) {
            this.cache = cache;
            this.root = root;
        }

        void add(String id, EventSourcedAggregate<?> aggregate) {
            if (reads.isEmpty()) {
                // Once more if another is found after the question was asked.
                root.onPrepareCommit(u -> ask());
            }
            reads.putIfAbsent(id, new Read(aggregate, sequence(aggregate)));
        }

        private static long sequence(EventSourcedAggregate<?> aggregate) {
            Long version = aggregate.version();
            return version == null ? -1 : version;
        }

        private void ask() {
            Map<String, Long> unchecked = withoutEvents();
            reads.clear();
            Set<String> changed = cache.journal.changedSince(unchecked);
            if (!changed.isEmpty()) {
                throw cache.conflict(changed, null);
            }
        }

        /** Those that have applied nothing: the index checks the others. */
        private Map<String, Long> withoutEvents() {
            Map<String, Long> unchecked = new HashMap<>();
            reads.forEach((id, read) -> {
                if (sequence(read.aggregate) == read.sequence) {
                    unchecked.put(id, read.sequence);
                }
            });
            return unchecked;
        }

        void refuse(Exception thrown) {
            Set<String> changed;
            try {
                changed = cache.journal.changedSince(withoutEvents());
            } catch (RuntimeException e) {
                thrown.addSuppressed(e);
                return;
            }
            if (!changed.isEmpty()) {
                throw cache.conflict(changed, thrown);
            }
        }
    }

    private ConcurrencyException conflict(Set<String> changed, @Nullable Exception cause) {
        changed.forEach(entries::remove);
        return new ConcurrencyException(
                "Another instance has changed " + changed + " since this one handled a command of it", cause);
    }

    private record Read(EventSourcedAggregate<?> aggregate, long sequence) {}
}
