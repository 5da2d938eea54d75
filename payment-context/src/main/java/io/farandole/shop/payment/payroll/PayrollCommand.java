package io.farandole.shop.payment.payroll;

import io.farandole.shop.kernel.Money;
import io.farandole.shop.payment.payroll.PayrollEvent.InitiatorNotReached;
import io.farandole.shop.payment.payroll.PayrollEvent.InitiatorNotified;
import io.farandole.shop.payment.payroll.PayrollEvent.PayrollSettled;
import io.farandole.shop.payment.payroll.PayrollEvent.PayrollStarted;
import io.farandole.shop.payment.payroll.PayrollEvent.PayrollStopped;
import java.util.List;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.jspecify.annotations.Nullable;

/** What a payroll can be told. What comes again or too late changes nothing. */
public sealed interface PayrollCommand {

    /** The payroll. */
    String globalId();

    /** Its aggregate: of its own kind, whatever else has the same id. */
    @TargetAggregateIdentifier
    default String aggregateId() {
        return aggregateId(globalId());
    }

    /** What follows from it. */
    List<PayrollEvent> decide(PayrollState state);

    /** The aggregate of a payroll. */
    static String aggregateId(String globalId) {
        return "payroll/" + globalId;
    }

    /** What {@link StartPayroll} answers. */
    enum Started {
        /** It was started now. */
        NOW,
        /** The same was started before. */
        BEFORE,
        /** Another one was started before under this id. */
        OTHER
    }

    /** Starts it. Answers with {@link Started}. */
    record StartPayroll(String globalId, PayrollTerms terms, String fingerprint) implements PayrollCommand {

        Started answer(PayrollState state) {
            if (state.phase() == PayrollState.Phase.NEW) {
                return Started.NOW;
            }
            return fingerprint.equals(state.fingerprint()) ? Started.BEFORE : Started.OTHER;
        }

        @Override
        public List<PayrollEvent> decide(PayrollState state) {
            return state.phase() == PayrollState.Phase.NEW
                    ? List.of(new PayrollStarted(globalId, terms, fingerprint))
                    : List.of();
        }
    }

    /** No further payment is to be begun. */
    record StopPayroll(String globalId, String reason) implements PayrollCommand {
        @Override
        public List<PayrollEvent> decide(PayrollState state) {
            return state.phase() == PayrollState.Phase.RUNNING
                    ? List.of(new PayrollStopped(globalId, reason))
                    : List.of();
        }
    }

    /** Nothing is under way any more. */
    record SettlePayroll(String globalId, PayrollOutcome outcome, Money paid, Money returned, Money shortfall)
            implements PayrollCommand {
        @Override
        public List<PayrollEvent> decide(PayrollState state) {
            return state.phase() == PayrollState.Phase.SETTLED
                    ? List.of()
                    : List.of(new PayrollSettled(globalId, outcome, paid, returned, shortfall));
        }
    }

    /** The initiator was told, or could not be; {@code failure} is null if it was. */
    record RecordNotice(String globalId, @Nullable String failure) implements PayrollCommand {
        @Override
        public List<PayrollEvent> decide(PayrollState state) {
            return List.of(
                    failure == null ? new InitiatorNotified(globalId) : new InitiatorNotReached(globalId, failure));
        }
    }
}
