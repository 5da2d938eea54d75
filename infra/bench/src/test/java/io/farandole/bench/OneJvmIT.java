package io.farandole.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.bench.load.LoadResult;
import io.farandole.bench.load.Workload;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Three application contexts in one JVM are three services still. The benchmark looks at the same books whenever it runs. */
@Tag("slow")
class OneJvmIT {

    private static final Workload WORKLOAD = new Workload(20);
    private static final int ORDERS = 200;

    @AfterAll
    static void endTheBroker() {
        OneBroker.end();
    }

    @Test
    void booksAndInvariantsHoldAfterALoad() throws Exception {
        try (OneJvm one = new OneJvm(WORKLOAD, new Settings(true, 1, Path.of("target")))) {
            LoadResult result = one.saturate(0, ORDERS, 64);

            assertThat(result.failed()).isZero();
            assertThat(result.cancelled()).isEqualTo(WORKLOAD.declined(0, ORDERS));
            assertThat(one.books().faults(WORKLOAD, ORDERS)).isEmpty();
            assertThat(one.moreFaults()).isEmpty();
        }
    }
}
