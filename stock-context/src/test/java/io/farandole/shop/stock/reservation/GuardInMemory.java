package io.farandole.shop.stock.reservation;

import io.farandole.saga.barrier.Barrier.Compensation;
import io.farandole.saga.barrier.Barrier.Forward;
import java.util.HashMap;
import java.util.Map;

/** The barrier's contract, in memory. */
final class GuardInMemory implements ReservationGuard {

    private enum Step {
        DONE,
        COMPENSATED,
        TOMBSTONE
    }

    private final Map<String, Step> steps = new HashMap<>();

    @Override
    public Forward forward(String orderId) {
        Step before = steps.putIfAbsent(orderId, Step.DONE);
        if (before == null) {
            return Forward.PASS;
        }
        return before == Step.TOMBSTONE ? Forward.REFUSED : Forward.DUPLICATE;
    }

    @Override
    public Compensation compensate(String orderId) {
        Step before = steps.get(orderId);
        if (before == null) {
            steps.put(orderId, Step.TOMBSTONE);
            return Compensation.EMPTY;
        }
        steps.put(orderId, before == Step.DONE ? Step.COMPENSATED : before);
        return before == Step.DONE ? Compensation.PASS : Compensation.DUPLICATE;
    }
}
