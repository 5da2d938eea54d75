package io.farandole.provider;

/**
 * What the provider holds about one payment, in minor units. The counts are effects, not requests: a correct caller
 * leaves none above one.
 *
 * @param paymentId as the caller named it
 * @param currency ISO 4217 code
 * @param authorized amount held at first
 * @param captured amount taken
 * @param voidedAmount the authorised amount if it was voided, otherwise zero
 * @param refunded amount paid back
 * @param voided whether it was voided; true with nothing authorised is a tombstone
 * @param authorizations authorisations that took effect
 * @param captures captures that took effect
 * @param voids voids that took effect
 * @param refunds refunds that took effect
 */
public record LedgerEntry(
        String paymentId,
        String currency,
        long authorized,
        long captured,
        long voidedAmount,
        long refunded,
        boolean voided,
        int authorizations,
        int captures,
        int voids,
        int refunds) {

    /** Whether the provider still holds money that was neither taken nor given up. */
    public boolean hanging() {
        return authorizations > 0 && captures == 0 && !voided;
    }
}
