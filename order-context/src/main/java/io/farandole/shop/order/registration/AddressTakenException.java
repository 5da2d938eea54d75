package io.farandole.shop.order.registration;

/** Another customer has this address; which one is not told. */
final class AddressTakenException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    AddressTakenException() {
        super("A customer with this address is registered already");
    }
}
