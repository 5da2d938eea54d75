package io.farandole.cli;

/** What a script is told. */
final class ExitCode {

    static final int DONE = 0;
    static final int REFUSED = 1;
    static final int USAGE = 2;
    static final int NOT_REACHED = 3;

    private ExitCode() {}
}
