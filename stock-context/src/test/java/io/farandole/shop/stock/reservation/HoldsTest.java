package io.farandole.shop.stock.reservation;

import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.shop.stock.inventory.StockLevel;
import io.farandole.shop.stock.reservation.Hold.Phase;
import io.farandole.shop.stock.reservation.HoldCommand.CancelHold;
import io.farandole.shop.stock.reservation.HoldCommand.ConfirmHold;
import io.farandole.shop.stock.reservation.HoldCommand.ExpireHold;
import io.farandole.shop.stock.reservation.HoldCommand.ShowHold;
import io.farandole.shop.stock.reservation.HoldCommand.TryHold;
import io.farandole.shop.stock.reservation.ReservationCommand.ReleaseStock;
import io.farandole.shop.stock.reservation.ReservationCommand.ReserveStock;
import io.farandole.shop.stock.reservation.ReservationCommand.SellStock;
import io.farandole.shop.stock.reservation.ReservationEvent.HoldEnded;
import io.farandole.shop.stock.reservation.ReservationEvent.ReservationHeld;
import io.farandole.shop.stock.reservation.ReservationEvent.ReservationReleased;
import io.farandole.shop.stock.reservation.ReservationEvent.ReservationSold;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Try, confirm, cancel and expiry in every situation, with the stock behind them, in memory. */
class HoldsTest {

    private static final String ID = "hold-1";
    private static final TreeMap<String, Long> TWO = new TreeMap<>(Map.of("a", 2L));

    private static final Object TRY = new TryHold(ID, TWO);
    private static final Object OTHER_TRY = new TryHold(ID, new TreeMap<>(Map.of("a", 3L)));
    private static final Object TOO_MUCH = new TryHold(ID, new TreeMap<>(Map.of("a", 11L)));
    private static final Object CONFIRM = new ConfirmHold(ID);
    private static final Object CANCEL = new CancelHold(ID);
    private static final Object EXPIRE = new ExpireHold(ID);
    private static final Object ORDERED = new ReserveStock(ID, TWO);
    private static final Object ORDER_SOLD = new SellStock(ID);
    private static final Object ORDER_RELEASED = new ReleaseStock(ID);

    private static final StockLevel UNTOUCHED = new StockLevel(10, 0, 0);
    private static final StockLevel TWO_HELD = new StockLevel(8, 2, 0);
    private static final StockLevel TWO_SOLD = new StockLevel(8, 0, 2);

    private final StockInMemory stock = new StockInMemory().with("a", 10);

    static Stream<Arguments> whatEachDoesInEachSituation() {
        return Stream.of(
                row(List.of(), TRY, Phase.HELD, null, TWO_HELD),
                row(List.of(), TOO_MUCH, Phase.REFUSED, "insufficient-stock", UNTOUCHED),
                row(List.of(), CONFIRM, Phase.UNKNOWN, "unknown", UNTOUCHED),
                row(List.of(), CANCEL, Phase.CANCELLED, null, UNTOUCHED),
                row(List.of(), EXPIRE, Phase.UNKNOWN, null, UNTOUCHED),
                row(List.of(TRY), TRY, Phase.HELD, null, TWO_HELD),
                row(List.of(TRY), OTHER_TRY, Phase.HELD, "other-lines", TWO_HELD),
                row(List.of(TRY), CONFIRM, Phase.CONFIRMED, null, TWO_SOLD),
                row(List.of(TRY), CANCEL, Phase.CANCELLED, null, UNTOUCHED),
                row(List.of(TRY), EXPIRE, Phase.EXPIRED, null, UNTOUCHED),
                row(List.of(TRY, CONFIRM), TRY, Phase.CONFIRMED, null, TWO_SOLD),
                row(List.of(TRY, CONFIRM), OTHER_TRY, Phase.CONFIRMED, "other-lines", TWO_SOLD),
                row(List.of(TRY, CONFIRM), CONFIRM, Phase.CONFIRMED, null, TWO_SOLD),
                row(List.of(TRY, CONFIRM), CANCEL, Phase.CONFIRMED, "confirmed", TWO_SOLD),
                row(List.of(TRY, CONFIRM), EXPIRE, Phase.CONFIRMED, null, TWO_SOLD),
                row(List.of(TRY, CANCEL), TRY, Phase.CANCELLED, "cancelled", UNTOUCHED),
                row(List.of(TRY, CANCEL), CONFIRM, Phase.CANCELLED, "cancelled", UNTOUCHED),
                row(List.of(TRY, CANCEL), CANCEL, Phase.CANCELLED, null, UNTOUCHED),
                row(List.of(TRY, CANCEL), EXPIRE, Phase.CANCELLED, null, UNTOUCHED),
                row(List.of(TRY, EXPIRE), TRY, Phase.EXPIRED, "expired", UNTOUCHED),
                row(List.of(TRY, EXPIRE), CONFIRM, Phase.EXPIRED, "expired", UNTOUCHED),
                row(List.of(TRY, EXPIRE), CANCEL, Phase.EXPIRED, null, UNTOUCHED),
                row(List.of(CANCEL), TRY, Phase.CANCELLED, "cancelled", UNTOUCHED),
                row(List.of(CANCEL), CONFIRM, Phase.CANCELLED, "cancelled", UNTOUCHED),
                row(List.of(CANCEL), CANCEL, Phase.CANCELLED, null, UNTOUCHED),
                row(List.of(TOO_MUCH), TRY, Phase.REFUSED, "insufficient-stock", UNTOUCHED),
                row(List.of(TOO_MUCH), CONFIRM, Phase.REFUSED, "refused", UNTOUCHED),
                row(List.of(TOO_MUCH), CANCEL, Phase.REFUSED, null, UNTOUCHED),
                row(List.of(ORDERED), TRY, Phase.FOLLOWS_AN_ORDER, "follows-an-order", TWO_HELD),
                row(List.of(ORDERED), CONFIRM, Phase.FOLLOWS_AN_ORDER, "follows-an-order", TWO_HELD),
                row(List.of(ORDERED), CANCEL, Phase.FOLLOWS_AN_ORDER, "follows-an-order", TWO_HELD),
                row(List.of(ORDERED), EXPIRE, Phase.FOLLOWS_AN_ORDER, null, TWO_HELD),
                row(List.of(ORDERED, ORDER_SOLD), CANCEL, Phase.FOLLOWS_AN_ORDER, "follows-an-order", TWO_SOLD),
                row(List.of(ORDER_RELEASED), TRY, Phase.CANCELLED, "cancelled", UNTOUCHED));
    }

    @ParameterizedTest
    @MethodSource
    void whatEachDoesInEachSituation(
            List<Object> given, Object command, Phase phase, @Nullable String refusal, StockLevel level) {
        given.forEach(stock.commands::sendAndWait);
        HoldAnswer answer = stock.commands.sendAndWait(command);
        assertThat(answer.hold().phase()).isEqualTo(phase);
        assertThat(answer.refusal()).isEqualTo(refusal);
        assertThat(stock.level("a")).isEqualTo(level);
    }

    @Test
    void tellsWhenItExpires() {
        HoldAnswer answer = stock.commands.sendAndWait(TRY);
        assertThat(answer.hold().expiresAt())
                .isEqualTo(StockInMemory.CLOCK.instant().plus(StockInMemory.HELD_FOR));
        assertThat(answer.hold().quantities()).isEqualTo(TWO);
    }

    @Test
    void saysWhatEnded() {
        for (Object command : List.of(TRY, CONFIRM, CONFIRM, EXPIRE)) {
            stock.commands.sendAndWait(command);
        }
        assertThat(stock.reservationEvents())
                .containsExactly(
                        new ReservationHeld(
                                ID, TWO, StockInMemory.CLOCK.instant().plus(StockInMemory.HELD_FOR)),
                        new ReservationSold(ID),
                        new HoldEnded(ID, HoldEnd.CONFIRMED));
    }

    @Test
    void anEmptyCancelIsATombstoneForAnOrderToo() {
        stock.commands.sendAndWait(CANCEL);
        assertThat(stock.commands.<Boolean>sendAndWait(ORDERED)).isFalse();
        assertThat(stock.reservationEvents()).containsExactly(new ReservationReleased(ID));
        assertThat(stock.level("a")).isEqualTo(UNTOUCHED);
    }

    @Test
    void showsWithoutChanging() {
        assertThat(stock.commands.<Optional<Hold>>sendAndWait(new ShowHold(ID))).isEmpty();
        stock.commands.sendAndWait(TRY);
        int before = stock.events().size();
        assertThat(stock.commands.<Optional<Hold>>sendAndWait(new ShowHold(ID)))
                .hasValueSatisfying(hold -> assertThat(hold.phase()).isEqualTo(Phase.HELD));
        assertThat(stock.events()).hasSize(before);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void theBooksBalanceWhateverCallersAndOrdersAsk(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 400; i++) {
            String id = "hold-" + random.nextInt(30);
            TreeMap<String, Long> wanted = new TreeMap<>(Map.of("a", 1L + random.nextInt(3)));
            List<Object> commands = new ArrayList<>(List.of(
                    new TryHold(id, wanted),
                    new ConfirmHold(id),
                    new CancelHold(id),
                    new ExpireHold(id),
                    new ReserveStock(id, wanted),
                    new SellStock(id),
                    new ReleaseStock(id)));
            stock.commands.sendAndWait(commands.get(random.nextInt(commands.size())));
            StockLevel level = stock.level("a");
            assertThat(level.available() + level.reserved() + level.sold()).isEqualTo(10);
        }
    }

    private static Arguments row(
            List<Object> given, Object command, Phase phase, @Nullable String refusal, StockLevel level) {
        return Arguments.of(given, command, phase, refusal, level);
    }
}
