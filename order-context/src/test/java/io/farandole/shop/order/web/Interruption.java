package io.farandole.shop.order.web;

import io.farandole.messaging.failpoint.Failpoint;
import io.farandole.messaging.failpoint.FailpointListener;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Has whatever handles a POST throw where a test wants, as a defect there would. */
public final class Interruption implements FailpointListener {

    private static final AtomicInteger MET = new AtomicInteger();
    private static volatile @Nullable Plan plan;

    private record Plan(Failpoint at, Supplier<Throwable> thrown) {}

    /** From now on, each time that a POST comes by. */
    static void at(Failpoint failpoint, Supplier<Throwable> thrown) {
        MET.set(0);
        plan = new Plan(failpoint, thrown);
    }

    /** Ends it; how often something was thrown. */
    static int end() {
        plan = null;
        return MET.get();
    }

    @Override
    public void reached(Failpoint failpoint) {
        Plan now = plan;
        if (now != null && now.at() == failpoint && isOfAPost()) {
            MET.incrementAndGet();
            Throwable thrown = now.thrown().get();
            if (thrown instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) thrown;
        }
    }

    private static boolean isOfAPost() {
        return StackWalker.getInstance()
                .walk(frames -> frames.anyMatch(frame -> frame.getClassName().equals("io.farandole.boot.web.Posts")));
    }
}
