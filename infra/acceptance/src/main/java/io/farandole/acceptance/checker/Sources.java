package io.farandole.acceptance.checker;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a check is computed from. What is empty is not compared, except for the journals.
 *
 * @param journals the rows of each context's journal, by context, in order of position
 * @param accepted orders that a client was told {@code 202} for
 * @param orders each order's status as the order service shows it, by order id
 * @param products what the stock service shows
 * @param payments what the payment service shows
 * @param ledger what the payment provider holds
 * @param openWork sagas, outside calls and parked processes that have not ended
 */
public record Sources(
        Map<String, List<JournalRow>> journals,
        Set<String> accepted,
        Map<String, String> orders,
        Collection<ProductBalance> products,
        Collection<PaymentBalance> payments,
        Collection<LedgerBalance> ledger,
        Collection<OpenWork> openWork) {

    /** The journals alone. */
    public static Sources of(Map<String, List<JournalRow>> journals) {
        return new Sources(journals, Set.of(), Map.of(), List.of(), List.of(), List.of(), List.of());
    }

    /** A product as the stock service shows it. */
    public record ProductBalance(String productId, long available, long reserved, long sold) {}

    /** A payment as the payment service shows it; minor units. */
    public record PaymentBalance(String orderId, String status, long captured, long refunded) {}

    /** A payment as the provider holds it; amounts in minor units, counts of effects. */
    public record LedgerBalance(
            String paymentId,
            long authorized,
            long captured,
            long refunded,
            boolean voided,
            int authorizations,
            int captures,
            int refunds) {}

    /** Something that has not ended, such as {@code saga PaymentCollection}. */
    public record OpenWork(String context, String what, String processKey) {}
}
