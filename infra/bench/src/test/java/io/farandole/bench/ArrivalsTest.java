package io.farandole.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArrivalsTest {

    private static final List<Arrivals.Event> SENT = events("1a 2b 3a 4b");

    @Test
    void processesMayOvertakeEachOther() {
        assertThat(Arrivals.faults(SENT, events("2b 1a 4b 3a"))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "1a 2b 3a, 1 events are lost",
        "1a 2b 3a 4b 4b, 1 events are doubled",
        "1a 2b 3a 4b 5b, 1 events are strange",
        "3a 2b 1a 4b, events of a came in another order"
    })
    void tellsWhatIsWrong(String arrived, String fault) {
        assertThat(Arrivals.faults(SENT, events(arrived))).containsExactly(fault);
    }

    @Test
    void eventOfAnotherProcessIsNotTheSame() {
        assertThat(Arrivals.faults(SENT, events("1a 2b 3b 4b")))
                .containsExactly("1 events are lost", "1 events are strange");
    }

    /** Words of a digit, the id, and a letter, the process. */
    private static List<Arrivals.Event> events(String words) {
        return Arrays.stream(words.split(" "))
                .map(word -> new Arrivals.Event(word.substring(0, 1), word.substring(1)))
                .toList();
    }
}
