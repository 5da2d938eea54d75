package io.farandole.shop.stock.reservation;

import io.farandole.shop.stock.reservation.Hold.Phase;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What a caller is answered.
 *
 * @param hold the reservation afterwards
 * @param refusal why what was asked for is not the case, a stable code for programs; null if it is
 */
public record HoldAnswer(Hold hold, @Nullable String refusal) {

    static HoldAnswer toTry(Hold hold, SortedMap<String, Long> wanted) {
        return switch (hold.phase()) {
            case HELD, CONFIRMED -> new HoldAnswer(hold, hold.quantities().equals(wanted) ? null : "other-lines");
            case REFUSED -> new HoldAnswer(hold, hold.reason());
            case UNKNOWN, CANCELLED, EXPIRED, FOLLOWS_AN_ORDER -> ended(hold);
        };
    }

    static HoldAnswer toConfirm(Hold hold) {
        return hold.phase() == Phase.CONFIRMED ? new HoldAnswer(hold, null) : ended(hold);
    }

    /** What was never held, or is held no longer, needs no cancelling: that is an answer, and no refusal. */
    static HoldAnswer toCancel(Hold hold) {
        return switch (hold.phase()) {
            case CONFIRMED, FOLLOWS_AN_ORDER, HELD, UNKNOWN -> ended(hold);
            case CANCELLED, EXPIRED, REFUSED -> new HoldAnswer(hold, null);
        };
    }

    private static HoldAnswer ended(Hold hold) {
        return new HoldAnswer(
                hold,
                switch (hold.phase()) {
                    case UNKNOWN -> "unknown";
                    case HELD -> "held";
                    case CONFIRMED -> "confirmed";
                    case CANCELLED -> "cancelled";
                    case EXPIRED -> "expired";
                    case REFUSED -> "refused";
                    case FOLLOWS_AN_ORDER -> "follows-an-order";
                });
    }
}
