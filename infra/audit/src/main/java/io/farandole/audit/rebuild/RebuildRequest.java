package io.farandole.audit.rebuild;

/**
 * What is asked for.
 *
 * @param readModel the processing group
 * @param purpose what the copy is for
 * @param limit which processes
 * @param threads how many write the copy, 1 to {@link #MOST_THREADS}; order is kept for each process
 * @param by who asks
 * @param reason why
 */
public record RebuildRequest(String readModel, Purpose purpose, Limit limit, int threads, String by, String reason) {

    /** The most threads. */
    public static final int MOST_THREADS = 32;

    /** What the copy is for. */
    public enum Purpose {
        /** Its difference is put into the live tables. */
        REBUILD,
        /** Its difference is told. */
        COMPARE
    }

    public RebuildRequest {
        if (threads < 1 || threads > MOST_THREADS) {
            throw new IllegalArgumentException("threads is a number from 1 to " + MOST_THREADS);
        }
        if (by.isBlank() || reason.isBlank()) {
            throw new IllegalArgumentException("a rebuild is recorded with who asked for it and why");
        }
    }
}
