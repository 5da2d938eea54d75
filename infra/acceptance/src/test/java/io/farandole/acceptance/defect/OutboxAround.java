package io.farandole.acceptance.defect;

import io.farandole.messaging.Outbox;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** An outbox whose leases are not what they were. */
record OutboxAround(Outbox outbox, UnaryOperator<Outbox.Lease> around) implements Outbox {

    @Override
    public Optional<Lease> acquire() {
        return outbox.acquire().map(around);
    }

    @Override
    public AutoCloseable onAppend(Runnable listener) {
        return outbox.onAppend(listener);
    }

    /** A lease that is as it was, for others to change. */
    abstract static class LeaseAround implements Outbox.Lease {

        private final Outbox.Lease lease;

        LeaseAround(Outbox.Lease lease) {
            this.lease = lease;
        }

        @Override
        public long position() {
            return lease.position();
        }

        @Override
        public Batch read(long after, int limit) {
            return lease.read(after, limit);
        }

        @Override
        public void save(long position) {
            lease.save(position);
        }

        @Override
        public void close() {
            lease.close();
        }
    }
}
