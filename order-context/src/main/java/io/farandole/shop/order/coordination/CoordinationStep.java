package io.farandole.shop.order.coordination;

import io.farandole.shop.order.coordination.CoordinationEvent.ChargeRefused;
import io.farandole.shop.order.coordination.CoordinationEvent.ChargeTaken;
import io.farandole.shop.order.coordination.CoordinationEvent.ChargeUndone;
import io.farandole.shop.order.coordination.CoordinationEvent.GoodsHeld;
import io.farandole.shop.order.coordination.CoordinationEvent.GoodsLetGo;
import io.farandole.shop.order.coordination.CoordinationEvent.GoodsRefused;
import io.farandole.shop.order.coordination.CoordinationEvent.GoodsSold;
import io.farandole.shop.order.coordination.CoordinationEvent.RefundFailed;
import io.farandole.shop.order.coordination.CoordinationEvent.ReleaseFailed;
import io.farandole.shop.order.coordination.CoordinationEvent.SaleRefused;
import io.farandole.shop.order.coordination.CoordinationEvent.StepUnanswered;
import java.util.Locale;

/** What the participants are asked for; the names are stored. */
public enum CoordinationStep {
    /** Stock tries. */
    RESERVE {
        @Override
        CoordinationEvent after(String id, ParticipantAnswer answer) {
            return switch (answer.kind()) {
                case DONE -> new GoodsHeld(id);
                case REFUSED -> new GoodsRefused(id, answer.why());
                case UNKNOWN -> new StepUnanswered(id, this);
            };
        }
    },
    /** Payment charges. */
    CHARGE {
        @Override
        CoordinationEvent after(String id, ParticipantAnswer answer) {
            return switch (answer.kind()) {
                case DONE -> new ChargeTaken(id);
                case REFUSED -> new ChargeRefused(id, answer.why());
                case UNKNOWN -> new StepUnanswered(id, this);
            };
        }
    },
    /** Stock confirms. */
    CONFIRM {
        @Override
        CoordinationEvent after(String id, ParticipantAnswer answer) {
            return switch (answer.kind()) {
                case DONE -> new GoodsSold(id);
                case REFUSED -> new SaleRefused(id, answer.why());
                case UNKNOWN -> new StepUnanswered(id, this);
            };
        }
    },
    /** Stock cancels. */
    RELEASE {
        @Override
        CoordinationEvent after(String id, ParticipantAnswer answer) {
            return answer.kind() == ParticipantAnswer.Kind.DONE
                    ? new GoodsLetGo(id)
                    : new ReleaseFailed(id, answer.why());
        }
    },
    /** Payment undoes. */
    REFUND {
        @Override
        CoordinationEvent after(String id, ParticipantAnswer answer) {
            return answer.kind() == ParticipantAnswer.Kind.DONE
                    ? new ChargeUndone(id)
                    : new RefundFailed(id, answer.why());
        }
    };

    /** What follows from an answer. */
    abstract CoordinationEvent after(String id, ParticipantAnswer answer);

    /** The kind of outside call that asks for it. */
    String call() {
        return "coordinated-" + name().toLowerCase(Locale.ROOT);
    }

    /** Which participant is asked. */
    String participant() {
        return this == CHARGE || this == REFUND ? "payment" : "stock";
    }

    /** Whether the order may be given up for want of an answer; what is paid is to be sold, and what is to be undone is to be undone. */
    boolean canBeGivenUp() {
        return this == RESERVE || this == CHARGE;
    }
}
