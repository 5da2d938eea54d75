package io.farandole.shop.payment.charging;

import io.farandole.shop.kernel.Money;
import java.util.ArrayList;
import java.util.List;

/** Records what the provider is to be asked. */
final class RecordedCalls implements ProviderCalls {

    final List<String> all = new ArrayList<>();

    @Override
    public void authorize(String orderId, Money amount, String token) {
        all.add("authorize " + orderId + " " + amount.minor() + " " + token);
    }

    @Override
    public void capture(String orderId, Money amount) {
        all.add("capture " + orderId + " " + amount.minor());
    }

    @Override
    public void cancel(String orderId, Money amount) {
        all.add("void " + orderId);
    }

    @Override
    public void refund(String processKey, String orderId, Money amount) {
        all.add("refund " + processKey + " " + orderId + " " + amount.minor());
    }
}
