package io.farandole.shop.order.registration;

/** A welcome mail waits for a person; thrown so that its process, and no other, is set aside. */
final class WelcomeMailUndeliveredException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    WelcomeMailUndeliveredException(String customerId, String text) {
        super("The welcome mail of customer " + customerId + " was not sent. " + text);
    }
}
