package io.farandole.bench.raw;

import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.bench.Servers;
import io.farandole.bench.load.Load;
import io.farandole.bench.load.LoadResult;
import io.farandole.bench.load.Workload;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The opponent must be right before it may be fast. The benchmark looks at its books whenever it runs; here are more of its settings. */
@Tag("slow")
class RawProgramIT {

    private static final Workload WORKLOAD = new Workload(50);

    @ParameterizedTest(name = "batches of {0}, {1} in flight")
    @CsvSource({"1, 1, 40", "64, 512, 1000"})
    void booksHoldAfterALoad(int batch, int inFlight, int orders) throws Exception {
        try (Servers servers = Servers.start();
                RawProgram program = RawProgram.open(servers.contender(WORKLOAD), batch, 1)) {
            LoadResult result = Load.saturate(program, WORKLOAD, 0, orders, inFlight);

            assertThat(result.failed()).isZero();
            assertThat(result.cancelled()).isEqualTo(WORKLOAD.declined(0, orders));
            assertThat(program.books().faults(WORKLOAD, orders)).isEmpty();
        }
    }

    @Test
    void booksHoldWhenEachMessageComesTwice() throws Exception {
        try (Servers servers = Servers.start();
                RawProgram program = RawProgram.open(servers.contender(WORKLOAD), 16, 2)) {
            LoadResult result = Load.saturate(program, WORKLOAD, 0, 500, 64);

            assertThat(result.failed()).isZero();
            assertThat(program.books().faults(WORKLOAD, 500)).isEmpty();
        }
    }
}
