package io.farandole.rabbitmq;

/** A message that is no event, or an event that cannot be a message. Its text holds no payload data. */
public final class RejectedMessageException extends Exception {

    private static final long serialVersionUID = 1L;

    private final RejectionReason reason;
    private final String detail;

    RejectedMessageException(RejectionReason reason, String detail) {
        super(reason.code() + ": " + detail);
        this.reason = reason;
        this.detail = detail;
    }

    /** The stable reason. */
    public RejectionReason reason() {
        return reason;
    }

    /** What exactly is wrong, for people. */
    public String detail() {
        return detail;
    }
}
