package io.farandole.rabbitmq;

/** The broker, or its management API, cannot be reached or breaks off: an outage, not a wrong set-up. */
public final class BrokerUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    BrokerUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
