package io.farandole.eventstore;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PaceTest {

    private final AtomicLong handled = new AtomicLong();
    private final Pace pace = new Pace(3, handled::get);

    @Test
    void stopsWhenTheLookAheadIsUsedUp() {
        for (long position : new long[] {4, 9, 10}) {
            assertThat(pace.mayGoOn()).isTrue();
            pace.out(position);
        }

        assertThat(pace.mayGoOn()).isFalse();
        assertThat(pace.full()).isTrue();
        assertThat(pace.moved()).isFalse();
    }

    @Test
    void goesOnByAsMuchAsWasHandled() {
        stopsWhenTheLookAheadIsUsedUp();
        handled.set(9);

        assertThat(pace.moved()).isTrue();
        assertThat(pace.mayGoOn()).isTrue();
        assertThat(pace.full()).isFalse();
        pace.out(20);
        assertThat(pace.mayGoOn()).isTrue();
        pace.out(21);
        assertThat(pace.mayGoOn()).isFalse();
        assertThat(pace.last()).isEqualTo(21);
    }

    @Test
    void hasNoBoundWhereNoneIsWanted() {
        for (long position = 1; position < 100; position++) {
            assertThat(Pace.NONE.mayGoOn()).isTrue();
            assertThat(Pace.NONE.full()).isFalse();
        }
    }
}
