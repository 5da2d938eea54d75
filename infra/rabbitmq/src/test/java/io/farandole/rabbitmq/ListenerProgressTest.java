package io.farandole.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class ListenerProgressTest {

    private final ListenerProgress progress = new ListenerProgress();

    @Test
    void countsWhatIsNotSettledOfTheSessionThatIsUnderWay() {
        int first = progress.session();
        progress.received(first);
        progress.received(first);
        progress.settled(1);
        assertThat(unsettled()).isEqualTo(1);

        progress.sessionEnded();
        assertThat(unsettled()).isZero();
        // On the client's thread, after the connection was given up.
        progress.received(first);
        assertThat(unsettled()).isZero();

        progress.received(progress.session());
        assertThat(unsettled()).isEqualTo(1);
        assertThat(status().received()).isEqualTo(4);
    }

    private int unsettled() {
        return status().unsettled();
    }

    private ListenerStatus status() {
        return progress.status(true, new Trouble(LoggerFactory.getLogger(getClass()), "Test", Clock.systemUTC()));
    }
}
