package io.farandole.bench;

import io.farandole.testservers.PrivateRabbit;
import org.jspecify.annotations.Nullable;

/**
 * The broker of a whole quick run, where each who needs one takes a virtual host of its own, for to start one takes as much work as
 * to start a service; otherwise everyone starts a broker. Nobody uses it while another is measured. Thread-safe.
 */
final class OneBroker {

    private static @Nullable PrivateRabbit started;

    private OneBroker() {}

    /** When quick, the broker, which is started at the first call and which the caller does not close; otherwise null. */
    static synchronized @Nullable PrivateRabbit ifQuick(Settings settings) {
        if (!settings.quick()) {
            return null;
        }
        PrivateRabbit broker = started;
        if (broker == null) {
            broker = PrivateRabbit.start();
            started = broker;
        }
        return broker;
    }

    /** Ends it, if it has been started. */
    static synchronized void end() {
        PrivateRabbit broker = started;
        started = null;
        if (broker != null) {
            broker.close();
        }
    }
}
