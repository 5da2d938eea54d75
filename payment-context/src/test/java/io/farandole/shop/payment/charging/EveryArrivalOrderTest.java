package io.farandole.shop.payment.charging;

import static io.farandole.shop.payment.charging.Situation.AMOUNT;
import static io.farandole.shop.payment.charging.Situation.ORDER;
import static io.farandole.shop.payment.charging.Situation.RETURN;
import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.shop.kernel.order.v1.OrderCancelled;
import io.farandole.shop.kernel.order.v1.OrderConfirmed;
import io.farandole.shop.kernel.order.v1.OrderReturned;
import io.farandole.shop.kernel.order.v1.PaymentRequested;
import io.farandole.shop.kernel.stock.v1.StockReserved;
import io.farandole.shop.payment.charging.PaymentEvent.CaptureRefused;
import io.farandole.shop.payment.charging.PaymentEvent.ChargeCaptured;
import io.farandole.shop.payment.charging.PaymentEvent.ChargeDeclined;
import io.farandole.shop.payment.charging.PaymentEvent.ChargeRefunded;
import io.farandole.shop.payment.charging.PaymentEvent.ChargeVoided;
import io.farandole.shop.payment.charging.PaymentEvent.ReturnRefunded;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every arrival order of every set of foreign events, each in several schedules, with duplicates, slow sagas, lost answers
 * and refusals: the money is where it belongs, everybody who waits is answered once, and no saga is left.
 */
class EveryArrivalOrderTest {

    private static final int SCHEDULES = Integer.getInteger("schedules", 3);

    @ParameterizedTest(name = "{0}, {1}")
    @CsvSource({
        "PSC, tok_ok",
        "PSC, tok_declined",
        "PSC, tok_capture_fails",
        "PSX, tok_ok",
        "PSX, tok_declined",
        "PX, tok_ok",
        "PSCX, tok_ok",
        "PSCX, tok_capture_fails",
        "PSCX, tok_declined",
        "PSCR, tok_ok",
        "PSCR, tok_capture_fails",
        "PSCXR, tok_ok",
        "PSCXR, tok_capture_fails"
    })
    void endsWithTheBooksBalanced(String events, String token) {
        for (String order : permutations(events)) {
            for (int schedule = 0; schedule < SCHEDULES; schedule++) {
                long seed = 1000L * order.hashCode() + schedule;
                Dance dance = new Dance(seed);
                try {
                    dance.run(order.chars()
                            .mapToObj(it -> event((char) it, token))
                            .toList());
                    check(dance, order);
                } catch (AssertionError | RuntimeException e) {
                    throw new AssertionError(order + ", " + token + ", seed " + seed + ": " + dance.journal, e);
                }
            }
        }
    }

    private static void check(Dance dance, String order) {
        long declined = dance.journalled(ChargeDeclined.class).size();
        long voided = dance.journalled(ChargeVoided.class).size();
        long captured = dance.journalled(ChargeCaptured.class).size();
        long captureRefused = dance.journalled(CaptureRefused.class).size();
        long refunded = dance.journalled(ChargeRefunded.class).size();
        boolean cancelled = order.contains("X");
        boolean returned = order.contains("R");

        assertThat(dance.gateway.isHanging(ORDER)).as("hanging at the provider").isFalse();
        long kept = captured == 1 && !cancelled && !returned ? AMOUNT.minor() : 0;
        assertThat(dance.gateway.balance(ORDER)).as("captured - refunded").isEqualTo(kept);
        assertThat(declined + voided + captured)
                .as("ends: declined, voided or captured")
                .isEqualTo(1);
        assertThat(captureRefused).as("refused captures are voided").isLessThanOrEqualTo(voided);
        if (cancelled) {
            assertThat(declined + voided + refunded)
                    .as("the cancelled order is settled")
                    .isEqualTo(1);
        }
        if (returned) {
            assertThat(dance.journalled(ReturnRefunded.class))
                    .as("the return is answered")
                    .hasSize(1);
        }
        long paidBack = dance.journalled(ChargeRefunded.class).stream()
                        .mapToLong(it -> it.amount().minor())
                        .sum()
                + dance.journalled(ReturnRefunded.class).stream()
                        .mapToLong(it -> it.amount().minor())
                        .sum();
        assertThat(captured * AMOUNT.minor() - paidBack)
                .as("what was told about money")
                .isEqualTo(kept);
        dance.expectAllSagasEnded();
    }

    private static Object event(char letter, String token) {
        return switch (letter) {
            case 'P' -> new PaymentRequested(ORDER, AMOUNT, token);
            case 'S' -> new StockReserved(ORDER);
            case 'C' -> new OrderConfirmed(ORDER, AMOUNT);
            case 'X' -> new OrderCancelled(ORDER, "time-limit");
            case 'R' -> new OrderReturned(RETURN, ORDER, List.of(), AMOUNT);
            default -> throw new IllegalArgumentException(String.valueOf(letter));
        };
    }

    private static List<String> permutations(String letters) {
        if (letters.isEmpty()) {
            return List.of("");
        }
        List<String> all = new ArrayList<>();
        for (int i = 0; i < letters.length(); i++) {
            char first = letters.charAt(i);
            permutations(letters.substring(0, i) + letters.substring(i + 1)).forEach(rest -> all.add(first + rest));
        }
        return all;
    }
}
