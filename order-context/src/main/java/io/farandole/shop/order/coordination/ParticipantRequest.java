package io.farandole.shop.order.coordination;

import io.farandole.shop.kernel.Money;
import io.farandole.shop.order.ordering.Line;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a participant needs to know; stored until the call is closed and purged.
 *
 * @param orderId by which both participants know what they do for it
 * @param lines what to reserve; empty in other calls
 * @param amount what to charge; null in other calls
 * @param paymentToken how; null in other calls
 */
record ParticipantRequest(String orderId, List<Line> lines, @Nullable Money amount, @Nullable String paymentToken) {

    ParticipantRequest {
        lines = List.copyOf(lines);
    }

    static ParticipantRequest about(String orderId) {
        return new ParticipantRequest(orderId, List.of(), null, null);
    }

    /** Leaves the token out: it is a secret. */
    @Override
    public String toString() {
        return "ParticipantRequest[orderId=" + orderId + "]";
    }
}
