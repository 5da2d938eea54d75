package io.farandole.bench;

import io.farandole.testservers.PrivateRabbit;
import io.farandole.testservers.TestBroker;
import org.jspecify.annotations.Nullable;

/** An empty virtual host: when quick of {@link OneBroker}, otherwise of a broker of its own. Closing ends what was started for it. */
final class VirtualHost implements AutoCloseable {

    private final TestBroker broker;
    private final @Nullable PrivateRabbit own;

    private VirtualHost(TestBroker broker, @Nullable PrivateRabbit own) {
        this.broker = broker;
        this.own = own;
    }

    static VirtualHost open(Settings settings) {
        PrivateRabbit shared = OneBroker.ifQuick(settings);
        return shared == null ? ofItsOwn() : new VirtualHost(shared.server().createVhost(), null);
    }

    /** Of a broker that is started for it. */
    static VirtualHost ofItsOwn() {
        PrivateRabbit started = PrivateRabbit.start();
        try {
            return new VirtualHost(started.server().createVhost(), started);
        } catch (RuntimeException e) {
            started.close();
            throw e;
        }
    }

    TestBroker broker() {
        return broker;
    }

    @Override
    public void close() {
        if (own == null) {
            broker.close();
        } else {
            own.close();
        }
    }
}
