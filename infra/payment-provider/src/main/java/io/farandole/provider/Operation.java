package io.farandole.provider;

/** What can be asked of the provider, each with its path. */
enum Operation {
    AUTHORIZE("/authorizations"),
    CAPTURE("/captures"),
    VOID("/voids"),
    REFUND("/refunds");

    private final String path;

    Operation(String path) {
        this.path = path;
    }

    String path() {
        return path;
    }
}
