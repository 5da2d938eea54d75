package io.farandole.provider;

/** What can be asked of the provider, each with its path. */
public enum Operation {
    /** Hold an amount. */
    AUTHORIZE("/authorizations"),
    /** Take what is held. */
    CAPTURE("/captures"),
    /** Give up what is held, or will be. */
    VOID("/voids"),
    /** Pay back what was taken. */
    REFUND("/refunds");

    private final String path;

    Operation(String path) {
        this.path = path;
    }

    String path() {
        return path;
    }
}
