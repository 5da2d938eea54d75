package io.farandole.bench;

/**
 * One benchmark: it runs its baseline beside what it measures, interleaved, and checks afterwards that nothing was lost or
 * doubled. {@link Bench} lists them.
 */
public interface Benchmark {

    /** What it is called on the command line; letters and hyphens. */
    String name();

    /** What it measures, in a sentence. */
    String about();

    /**
     * Measures; ends every process that it has started, however it ends; except those that it {@linkplain #keeps keeps}.
     *
     * @throws VoidRunException if something was lost, doubled or wrong: there are no figures then
     */
    Outcome run(Settings settings) throws Exception;

    /** What it takes from the benchmark before it and leaves to the next one, quick or not. */
    default Kept keeps(boolean quick) {
        return Kept.NOTHING;
    }

    /** Whether {@code all --quick} leaves it out: because every build runs it anyway, or because it takes a shop of its own. */
    default boolean isLeftOutWhenAllAreQuick() {
        return false;
    }

    /**
     * Fails the invocation, with what is said, once the outcome is printed and written; does nothing where a missed target is
     * only told.
     */
    default void verify(Outcome outcome) {}
}
