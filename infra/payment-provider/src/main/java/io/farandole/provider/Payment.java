package io.farandole.provider;

/** One payment in the provider's books. Mutable; guarded by the book that owns it. */
final class Payment {

    private final String paymentId;
    private final Behaviour behaviour;
    private final String currency;
    private long authorized;
    private long captured;
    private long refunded;
    private boolean voided;
    private int authorizations;
    private int captures;
    private int voids;
    private int refunds;

    Payment(String paymentId, Behaviour behaviour, String currency) {
        this.paymentId = paymentId;
        this.behaviour = behaviour;
        this.currency = currency;
    }

    Behaviour behaviour() {
        return behaviour;
    }

    Result authorize(long amount) {
        if (voided) {
            return Result.refused("voided");
        }
        if (authorizations > 0) {
            return Result.refused("already-authorized");
        }
        if (behaviour == Behaviour.DECLINED) {
            return Result.refused("declined");
        }
        if (behaviour == Behaviour.UNKNOWN) {
            return Result.refused("unknown-token");
        }
        authorizations++;
        authorized = amount;
        return new Result("authorized", null);
    }

    Result capture(long amount, String inCurrency) {
        if (voided) {
            return Result.refused("voided");
        }
        if (authorizations == 0) {
            return Result.refused("not-authorized");
        }
        if (captures > 0) {
            return Result.refused("already-captured");
        }
        if (amount > authorized || !currency.equals(inCurrency)) {
            return Result.refused("exceeds-authorization");
        }
        if (behaviour == Behaviour.CAPTURE_FAILS) {
            return Result.refused("capture-refused");
        }
        captures++;
        captured = amount;
        return new Result("captured", null);
    }

    Result cancel() {
        if (captures > 0) {
            return Result.refused("already-captured");
        }
        if (!voided) {
            voided = true;
            voids++;
        }
        return new Result("voided", null);
    }

    Result refund(long amount, String inCurrency) {
        if (captures == 0) {
            return Result.refused("not-captured");
        }
        if (amount > captured - refunded || !currency.equals(inCurrency)) {
            return Result.refused("exceeds-capture");
        }
        refunds++;
        refunded += amount;
        return new Result("refunded", null);
    }

    LedgerEntry entry() {
        return new LedgerEntry(
                paymentId,
                currency,
                authorized,
                captured,
                voided ? authorized : 0,
                refunded,
                voided,
                authorizations,
                captures,
                voids,
                refunds);
    }
}
