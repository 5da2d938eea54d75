package io.farandole.verifier;

/** Is told how far a verification has come. */
@FunctionalInterface
public interface Progress {

    /** Nobody wants to know. */
    Progress NONE = (done, total) -> {};

    /**
     * Called now and then, by the thread that verifies.
     *
     * @param done rows so far
     * @param total rows to verify
     */
    void verified(long done, long total);
}
