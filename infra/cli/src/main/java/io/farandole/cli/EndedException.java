package io.farandole.cli;

/** The command ends here, with a sentence and an exit code. */
final class EndedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int exitCode;

    private EndedException(int exitCode, String sentence) {
        super(sentence);
        this.exitCode = exitCode;
    }

    static EndedException refused(String sentence) {
        return new EndedException(ExitCode.REFUSED, sentence);
    }

    static EndedException usage(String sentence) {
        return new EndedException(ExitCode.USAGE, sentence);
    }

    static EndedException notReached(String sentence) {
        return new EndedException(ExitCode.NOT_REACHED, sentence);
    }

    int exitCode() {
        return exitCode;
    }
}
