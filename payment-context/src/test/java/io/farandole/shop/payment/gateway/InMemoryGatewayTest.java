package io.farandole.shop.payment.gateway;

class InMemoryGatewayTest extends PaymentGatewayContract {

    private final InMemoryGateway gateway = new InMemoryGateway();

    @Override
    PaymentGateway gateway() {
        return gateway;
    }
}
