package io.farandole.acceptance.defect;

import io.farandole.messaging.Envelope;
import io.farandole.messaging.Outbox;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/** A lease that can be kept from saving its position, and that gives an event a new id when it is published again. */
final class RenamingLease extends OutboxAround.LeaseAround {

    private final Memory memory;
    private final Set<String> readHere = ConcurrentHashMap.newKeySet();

    RenamingLease(Outbox.Lease lease, Memory memory) {
        super(lease);
        this.memory = memory;
    }

    /** What outlives a relay. */
    static final class Memory {

        /** Whether what was read by an earlier lease is given a new id. */
        final AtomicBoolean renames = new AtomicBoolean();

        /** Whether the position is not saved: it is about to be, when the process dies. */
        final AtomicBoolean savesNothing = new AtomicBoolean();

        private final Set<String> read = ConcurrentHashMap.newKeySet();
    }

    @Override
    public Outbox.Batch read(long after, int limit) {
        Outbox.Batch batch = super.read(after, limit);
        List<Envelope> events = batch.events().stream().map(this::known).toList();
        return new Outbox.Batch(events, batch.upTo());
    }

    private Envelope known(Envelope event) {
        boolean again = !readHere.contains(event.id()) && !memory.read.add(event.id());
        readHere.add(event.id());
        return again && memory.renames.get() ? renamed(event) : event;
    }

    private static Envelope renamed(Envelope event) {
        return new Envelope(
                UUID.randomUUID().toString(),
                event.source(),
                event.type(),
                event.subject(),
                event.time(),
                event.processKey(),
                event.sequence(),
                event.correlationId(),
                event.causationId(),
                event.traceparent(),
                event.keyId(),
                event.body());
    }

    @Override
    public void save(long position) {
        if (!memory.savesNothing.get()) {
            super.save(position);
        }
    }
}
