package io.farandole.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class BooksTest {

    private static final Workload WORKLOAD = new Workload(10);
    private static final long RECEIVED = 10_000_000;

    @Test
    void goodBooksHaveNoFaults() {
        assertThat(books(95, 5, 0, RECEIVED, RECEIVED - 95, 0, 95, 95 * 990, 0).faults(WORKLOAD, 100))
                .isEmpty();
    }

    static Stream<Arguments> badBooks() {
        return Stream.of(
                Arguments.of("undecided", books(95, 5, 1, RECEIVED, RECEIVED - 95, 0, 95, 95 * 990, 0)),
                Arguments.of("held", books(95, 5, 0, RECEIVED, RECEIVED - 95, 1, 95, 95 * 990, 0)),
                Arguments.of("sold", books(95, 5, 0, RECEIVED, RECEIVED - 96, 0, 96, 95 * 990, 0)),
                Arguments.of("available", books(95, 5, 0, RECEIVED, RECEIVED - 94, 0, 95, 95 * 990, 0)),
                Arguments.of("captured", books(95, 5, 0, RECEIVED, RECEIVED - 95, 0, 95, 96 * 990, 0)),
                Arguments.of("authorised", books(95, 5, 0, RECEIVED, RECEIVED - 95, 0, 95, 95 * 990, 990)),
                Arguments.of("confirmed", books(96, 5, 0, RECEIVED, RECEIVED - 96, 0, 96, 96 * 990, 0)),
                Arguments.of("cancelled", books(95, 4, 0, RECEIVED, RECEIVED - 95, 0, 95, 95 * 990, 0)),
                Arguments.of("received", books(95, 5, 0, 95, 0, 0, 95, 95 * 990, 0)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badBooks")
    void eachFaultIsNamed(String word, Books books) {
        assertThat(books.faults(WORKLOAD, 100)).hasSize(1).first().asString().contains(word);
    }

    private static Books books(
            long confirmed,
            long cancelled,
            long undecided,
            long received,
            long available,
            long reserved,
            long sold,
            long captured,
            long open) {
        return new Books(confirmed, cancelled, undecided, received, available, reserved, sold, captured, open);
    }
}
