package io.farandole.bench;

import io.farandole.bench.load.Books;
import io.farandole.bench.load.LoadResult;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Someone who does the workload, with servers of its own. Used by one thread. */
interface Contender extends AutoCloseable {

    String name();

    /** See {@link io.farandole.bench.load.Load#saturate}. */
    LoadResult saturate(long first, int orders, int inFlight) throws Exception;

    /** See {@link io.farandole.bench.load.Load#open}. */
    LoadResult open(long first, double rate, Duration duration) throws Exception;

    Books books() throws Exception;

    /** What is wrong beyond the books. */
    default List<?> moreFaults() throws Exception {
        return List.of();
    }

    /** Its processes, by their names. */
    Map<String, Long> processes();

    /** What it holds and what not, a sentence each. */
    default List<String> guarantees() {
        return List.of();
    }

    @Override
    void close();
}
