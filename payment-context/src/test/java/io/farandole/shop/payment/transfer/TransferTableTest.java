package io.farandole.shop.payment.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.shop.kernel.Money;
import io.farandole.shop.payment.transfer.TransferCommand.AskBanksAgain;
import io.farandole.shop.payment.transfer.TransferCommand.RecordAnswer;
import io.farandole.shop.payment.transfer.TransferCommand.RequestTransfer;
import io.farandole.shop.payment.transfer.bank.BankAccount;
import io.farandole.shop.payment.transfer.bank.BankAnswer;
import io.farandole.shop.payment.transfer.bank.BankAnswer.Kind;
import io.farandole.shop.payment.transfer.bank.TransferOrder;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every answer of the banks at every step, as the table of the package says. */
class TransferTableTest {

    private static final String ID = "t-1";
    private static final List<Kind> KINDS = List.of(Kind.values());
    private static final TransferOrder ORDER =
            new TransferOrder(ID, new BankAccount("a", "payer"), new BankAccount("b", "payee"), new Money(990, "EUR"));

    /** Done, refused, no answer in time, contradiction; in the order of {@link Kind}. */
    private static final Map<TransferStep, List<String>> TABLE = new EnumMap<>(Map.of(
            TransferStep.XA, List.of("TransferCompleted", "TransferRefused", "TransferGivenUp", "TransferSetAside"),
            TransferStep.CANCEL,
                    List.of("TransferCompleted", "TransferCancelled", "TransferSetAside", "TransferSetAside"),
            TransferStep.HOLD, List.of("TransferHeld", "TransferRefused", "TransferGivenUp", "TransferSetAside"),
            TransferStep.CREDIT, List.of("TransferCredited", "TransferGivenUp", "TransferSetAside", "TransferSetAside"),
            TransferStep.TAKE, List.of("TransferCompleted", "TransferSetAside", "TransferSetAside", "TransferSetAside"),
            TransferStep.RELEASE,
                    List.of("TransferCancelled", "TransferSetAside", "TransferSetAside", "TransferSetAside")));

    @ParameterizedTest
    @EnumSource(TransferStep.class)
    void eachAnswerOfAStepIsFollowedByWhatTheTableSays(TransferStep step) {
        List<String> events = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            List<TransferEvent> decided =
                    new RecordAnswer(ID, step, new BankAnswer(kind, "why")).decide(awaiting(step));
            assertThat(decided).hasSize(1);
            events.add(decided.get(0).getClass().getSimpleName());
        }
        assertThat(events).isEqualTo(TABLE.get(step));
    }

    @ParameterizedTest
    @EnumSource(TransferStep.class)
    void anAnswerThatIsNotAwaitedChangesNothing(TransferStep step) {
        for (TransferStep other : TransferStep.values()) {
            if (other != step) {
                assertThat(new RecordAnswer(ID, other, BankAnswer.done()).decide(awaiting(step)))
                        .isEmpty();
            }
        }
        assertThat(new RecordAnswer(ID, step, BankAnswer.done())
                        .decide(awaiting(step).ended()))
                .isEmpty();
        assertThat(new RecordAnswer(ID, step, BankAnswer.done())
                        .decide(awaiting(step).putAside()))
                .isEmpty();
    }

    @Test
    void onlyWhatIsSetAsideIsAskedAgainEachTimeUnderAnotherNumber() {
        TransferState state = awaiting(TransferStep.TAKE);
        assertThat(new AskBanksAgain(ID).decide(state)).isEmpty();
        for (int attempt = 1; attempt <= 3; attempt++) {
            state = state.putAside();
            List<TransferEvent> asked = new AskBanksAgain(ID).decide(state);
            assertThat(asked).containsExactly(new TransferEvent.TransferAskedAgain(ID, TransferStep.TAKE, attempt));
            state = asked.get(0).evolve(state);
            assertThat(new AskBanksAgain(ID).decide(state)).isEmpty();
        }
    }

    /** Whatever the banks answer, each transfer ends once, and is asked for nothing afterwards. */
    @Test
    void everyTransferEndsOnce() {
        for (long seed = 0; seed < 2_000; seed++) {
            Random random = new Random(seed);
            TransferMode mode = random.nextBoolean() ? TransferMode.XA : TransferMode.SAGA;
            TransferState state = TransferState.NEW;
            for (TransferEvent event : new RequestTransfer(ID, ORDER, mode).decide(state)) {
                state = event.evolve(state);
            }
            assertThat(new RequestTransfer(ID, ORDER, mode).decide(state)).isEmpty();
            int ends = 0;
            for (int i = 0; i < 200 && ends == 0; i++) {
                TransferStep awaited = state.awaited();
                if (awaited == null) {
                    break;
                }
                Kind kind = KINDS.get(random.nextInt(KINDS.size()));
                List<TransferEvent> decided = state.setAside()
                        ? new AskBanksAgain(ID).decide(state)
                        : new RecordAnswer(ID, awaited, new BankAnswer(kind, "why")).decide(state);
                for (TransferEvent event : decided) {
                    state = event.evolve(state);
                    ends += state.awaited() == null ? 1 : 0;
                }
            }
            assertThat(ends).as("seed " + seed).isEqualTo(1);
        }
    }

    private static TransferState awaiting(TransferStep step) {
        TransferMode mode =
                step == TransferStep.XA || step == TransferStep.CANCEL ? TransferMode.XA : TransferMode.SAGA;
        return TransferState.asked(ORDER, mode, step);
    }
}
