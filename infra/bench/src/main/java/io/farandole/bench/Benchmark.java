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
     * Measures; ends every process that it has started, however it ends; except shared {@link Contenders}.
     *
     * @throws VoidRunException if something was lost, doubled or wrong: there are no figures then
     */
    Outcome run(Settings settings) throws Exception;

    /** Whether it takes the {@link Contenders} of the benchmark before it, quick or not, and leaves them to the next one. */
    default boolean sharesContenders(boolean quick) {
        return false;
    }

    /**
     * Fails the invocation, with what is said, once the outcome is printed and written; does nothing where a missed target is
     * only told.
     */
    default void verify(Outcome outcome) {}
}
