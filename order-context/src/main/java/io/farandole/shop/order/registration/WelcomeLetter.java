package io.farandole.shop.order.registration;

import java.time.Instant;

/** What is written to a new customer, the same at each attempt. */
record WelcomeLetter(String customerId, String email, String name, Instant registeredAt) {

    static final String SUBJECT = "Welcome to our shop";

    /** The same for ever: by it a server or a reader tells that a mail has come twice. */
    String messageId(String domain) {
        return "<" + customerId + ".welcome@" + domain + ">";
    }

    String body() {
        return "Hello " + name + ",\r\n\r\nyou are registered with our shop. We are glad that you are here.\r\n";
    }

    /** Without address and name. */
    @Override
    public String toString() {
        return "WelcomeLetter[" + customerId + "]";
    }
}
