package io.farandole.bench;

import java.util.List;

/** An event store with a processor that follows it. */
interface Contender extends AutoCloseable {

    String name();

    /** Appends one event in a transaction of its own; returns when it has committed. */
    void append(BenchEvent event);

    /** The ids handled so far, in the order handled. */
    List<Long> handled();

    /** Events stored, as the database counts them. */
    long stored();

    @Override
    void close();
}
