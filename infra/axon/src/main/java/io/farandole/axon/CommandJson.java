package io.farandole.axon;

import org.jspecify.annotations.Nullable;

/** Reads requests and writes results, as the context's HTTP side does. Thread-safe. */
public interface CommandJson {

    /**
     * A request.
     *
     * @throws io.farandole.messaging.command.RefusedCommandException if it is not a valid one
     */
    <T> T read(String body, Class<T> request);

    /** JSON of a result; null for none. */
    @Nullable String write(@Nullable Object result);
}
