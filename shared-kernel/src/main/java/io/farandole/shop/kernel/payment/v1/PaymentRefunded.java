package io.farandole.shop.kernel.payment.v1;

import io.farandole.shop.kernel.Money;
import org.jspecify.annotations.Nullable;

/**
 * Captured money was paid back.
 *
 * @param returnId the return that asked for it; null where a cancelled order is settled
 */
public record PaymentRefunded(String orderId, @Nullable String returnId, Money amount) {}
