package io.farandole.shop.order.registration;

import io.farandole.saga.outside.OutsideCall;
import java.util.function.Consumer;

/** Welcome mails as outside calls of the framework, one per customer and round. */
final class OutsideWelcomeMails implements WelcomeMails {

    static final String KIND = "welcome-mail";

    private final Consumer<OutsideCall> request;

    OutsideWelcomeMails(Consumer<OutsideCall> request) {
        this.request = request;
    }

    @Override
    public void send(String customerId, int round) {
        request.accept(new OutsideCall(
                KIND, customerId, new Request(customerId, round), customerId + ":welcome:" + round, null));
    }

    /** What is stored until it is sent: no address, which is looked up when it is needed. */
    record Request(String customerId, int round) {}
}
