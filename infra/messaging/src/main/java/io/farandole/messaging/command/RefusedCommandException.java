package io.farandole.messaging.command;

/** Refuses a command, and rolls back what its handler has done. The refusal is kept afterwards, in a transaction of its own. */
public final class RefusedCommandException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient CommandOutcome.Refused refusal;

    public RefusedCommandException(CommandOutcome.Refused refusal) {
        super(refusal.reason() + ": " + refusal.detail(), null, false, false);
        this.refusal = refusal;
    }

    /** What the sender is told. */
    public CommandOutcome.Refused refusal() {
        return refusal;
    }
}
