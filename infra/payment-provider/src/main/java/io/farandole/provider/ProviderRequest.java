package io.farandole.provider;

import org.jspecify.annotations.Nullable;

/**
 * The body of a request. Over HTTP it is checked; {@link StandInProvider#ask} takes it as it is.
 *
 * @param paymentId the payment that it is about, chosen by the caller
 * @param amountMinor minor units; above zero except for a void, where it is ignored
 * @param currency ISO 4217 code
 * @param token how to pay; needed to authorise, ignored otherwise; a secret
 */
public record ProviderRequest(String paymentId, long amountMinor, String currency, @Nullable String token) {

    /** Leaves the token out: it is a secret. */
    @Override
    public String toString() {
        return "ProviderRequest[paymentId=" + paymentId + ", amountMinor=" + amountMinor + ", currency=" + currency
                + "]";
    }
}
