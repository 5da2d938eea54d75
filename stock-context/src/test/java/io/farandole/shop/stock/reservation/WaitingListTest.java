package io.farandole.shop.stock.reservation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farandole.shop.stock.inventory.StockLevel;
import io.farandole.shop.stock.reservation.ReservationCommand.ReleaseStock;
import io.farandole.shop.stock.reservation.ReservationCommand.ReserveOrAwait;
import io.farandole.shop.stock.reservation.ReservationCommand.ReserveStock;
import io.farandole.shop.stock.reservation.ReservationCommand.Reserved;
import io.farandole.shop.stock.reservation.ReservationCommand.SellStock;
import io.farandole.shop.stock.reservation.ReservationCommand.StopWaiting;
import io.farandole.shop.stock.reservation.ReservationCommand.TakeBackStock;
import io.farandole.shop.stock.reservation.ReservationEvent.ReservationRejected;
import io.farandole.shop.stock.reservation.ReservationEvent.WaitingBegan;
import io.farandole.shop.stock.reservation.ReservationEvent.WaitingRefused;
import io.farandole.shop.stock.reservation.ReservationEvent.WaitingServed;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who waits for what others hold, and who gets it. */
class WaitingListTest {

    private static final Instant UNTIL = Instant.parse("2026-11-22T12:00:00Z");

    private final StockInMemory stock = new StockInMemory().with("a", 10).with("b", 10);

    @Test
    void whatIsThereIsReservedAtOnce() {
        assertThat(ask("one", "a", 10)).isEqualTo(Reserved.YES);
        assertThat(stock.waiting()).isZero();
    }

    @Test
    void whatComesFreeGoesToWhoeverCameFirst() {
        hold("holder", "a", 10);
        assertThat(ask("first", "a", 2)).isEqualTo(Reserved.NOT_YET);
        assertThat(ask("second", "a", 2)).isEqualTo(Reserved.NOT_YET);
        hold("other", "b", 1);
        stock.commands.sendAndWait(new ReleaseStock("other"));
        assertThat(stock.takeTurns()).as("nobody waits for b").isZero();
        release("holder");
        assertThat(served()).containsExactly("first", "second");
        assertThat(stock.level("a")).isEqualTo(new StockLevel(6, 4, 0));
    }

    @Test
    void whoNeedsMoreThanThereIsIsPassedOverAndKeepsItsPlace() {
        hold("small", "a", 3);
        hold("large", "a", 7);
        ask("wants-five", "a", 5);
        ask("wants-two", "a", 2);
        release("small");
        assertThat(served()).containsExactly("wants-two");
        ask("wants-six", "a", 6);
        release("large");
        assertThat(served()).containsExactly("wants-two", "wants-five");
    }

    @Test
    void whoeverComesWhileTheTurnIsCalledDoesNotOvertake() {
        hold("holder", "a", 10);
        ask("first", "a", 4);
        // The turn is called, and has not been taken yet.
        stock.commands.sendAndWait(new ReleaseStock("holder"));
        assertThat(stock.commands.<Boolean>sendAndWait(new ReserveStock("newcomer", pieces("a", 7))))
                .isFalse();
        assertThat(served()).containsExactly("first");
        assertThat(stock.commands.<Boolean>sendAndWait(new ReserveStock("modest", pieces("a", 6))))
                .isTrue();
        stock.takeTurns();
        assertThat(served()).containsExactly("first");
    }

    @Test
    void anOrderIsServedWholeOrNotAtAll() {
        hold("of-a", "a", 10);
        hold("of-b", "b", 10);
        ask("both", Map.of("a", 6L, "b", 6L));
        ask("also-both", Map.of("a", 6L, "b", 6L));
        release("of-a");
        assertThat(stock.level("a")).as("held by nobody who waits").isEqualTo(new StockLevel(10, 0, 0));
        release("of-b");
        assertThat(served()).containsExactly("both");
        release("both");
        assertThat(served()).containsExactly("both", "also-both");
    }

    @Test
    void whoWaitsForAnotherProductKeepsNobodyFromThisOne() {
        hold("of-a", "a", 10);
        ask("both", Map.of("a", 6L, "b", 6L));
        assertThat(ask("of-b-only", "b", 8)).isEqualTo(Reserved.YES);
        assertThat(stock.takeTurns()).isZero();
        release("of-b-only");
        assertThat(served()).isEmpty();
        release("of-a");
        assertThat(served()).containsExactly("both");
    }

    @Test
    void whenAllIsSoldWhoeverWaitsIsToldSo() {
        hold("holder", "a", 9);
        IntStream.range(0, 250).forEach(i -> ask("waiting-" + i, "a", 2));
        assertThat(ask("more-than-can-come", "a", 11)).isEqualTo(Reserved.NO);
        stock.commands.sendAndWait(new SellStock("holder"));
        assertThat(stock.takeTurns()).as("a hundred at a time").isEqualTo(3);
        assertThat(refused()).hasSize(250).allMatch(event -> event.reason().equals("sold-out"));
        assertThat(stock.waiting()).isZero();
        assertThat(ask("too-late", "a", 2)).isEqualTo(Reserved.NO);
        assertThat(stock.reservationEvents()).endsWith(new ReservationRejected("too-late", "a", "insufficient-stock"));
    }

    @Test
    void goodsThatComeInAndGoodsThatComeBackAreForThoseWhoWait() {
        hold("buyer", "a", 5);
        hold("holder", "a", 5);
        stock.commands.sendAndWait(new SellStock("buyer"));
        IntStream.range(0, 4).forEach(i -> ask("waiting-" + i, "a", 5));
        stock.with("a", 5);
        stock.takeTurns();
        assertThat(served()).containsExactly("waiting-0");
        stock.commands.sendAndWait(new TakeBackStock("buyer", "return-1"));
        stock.takeTurns();
        assertThat(served()).containsExactly("waiting-0", "waiting-1");
    }

    @Test
    void aHundredAreServedInATurnAndTheOthersInTheNext() {
        hold("holder", "a", 10);
        IntStream.range(0, 250).forEach(i -> ask("waiting-" + i, "a", 1));
        stock.with("a", 1_000);
        // Whoever comes meanwhile takes a turn too, and waits if it is not enough.
        assertThat(ask("newcomer", "a", 1)).isEqualTo(Reserved.NOT_YET);
        stock.takeTurns();
        assertThat(served())
                .hasSize(251)
                .startsWith("waiting-0", "waiting-1", "waiting-2")
                .endsWith("waiting-249", "newcomer");
    }

    @Test
    void whenTheListIsFullAFurtherOrderIsRejected() {
        StockInMemory small = new StockInMemory(new WaitingListSettings(2, Duration.ofHours(1))).with("a", 1);
        small.commands.sendAndWait(new ReserveStock("holder", pieces("a", 1)));
        for (String order : List.of("one", "two", "three")) {
            small.commands.sendAndWait(new ReserveOrAwait(order, pieces("a", 1), UNTIL));
        }
        assertThat(small.reservationEvents()).endsWith(new ReservationRejected("three", "a", "waiting-list-full"));
        small.commands.sendAndWait(new StopWaiting("one"));
        assertThat(small.commands.<Reserved>sendAndWait(new ReserveOrAwait("four", pieces("a", 1), UNTIL)))
                .isEqualTo(Reserved.NOT_YET);
    }

    @Test
    void withoutAListNobodyWaits() {
        StockInMemory none = new StockInMemory(new WaitingListSettings(0, Duration.ofHours(1))).with("a", 1);
        none.commands.sendAndWait(new ReserveStock("holder", pieces("a", 1)));
        assertThat(none.commands.<Reserved>sendAndWait(new ReserveOrAwait("one", pieces("a", 1), UNTIL)))
                .isEqualTo(Reserved.NO);
        assertThatThrownBy(() -> new WaitingListSettings(-1, Duration.ofHours(1)))
                .hasMessageContaining("shop.stock.waiting-list.max-length");
        assertThatThrownBy(() -> new WaitingListSettings(1, Duration.ZERO))
                .hasMessageContaining("shop.stock.waiting-list.longest-wait");
    }

    @Test
    void whatNobodyHasEverReceivedIsNotWaitedFor() {
        assertThat(ask("one", "z", 1)).isEqualTo(Reserved.NO);
        assertThat(stock.reservationEvents()).containsExactly(new ReservationRejected("one", "z", "unknown-product"));
    }

    @Test
    void whatIsAskedTwiceOrTooLateChangesNothing() {
        hold("holder", "a", 10);
        ask("one", "a", 1);
        assertThat(ask("one", "a", 1)).isEqualTo(Reserved.NOT_YET);
        assertThat(stock.waiting()).isEqualTo(1);
        release("holder");
        assertThat(ask("one", "a", 1)).isEqualTo(Reserved.YES);
        stock.commands.sendAndWait(new StopWaiting("one"));
        stock.commands.sendAndWait(new TakeTurn("a"));
        assertThat(stock.level("a")).isEqualTo(new StockLevel(9, 1, 0));
        release("one");
        assertThat(ask("one", "a", 1)).isEqualTo(Reserved.NO);
    }

    /** Books balance at each step; when all turns are taken, nobody waits who could be served or has nothing to hope for. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void nobodyIsForgottenWhateverHappensInWhateverOrder(long seed) {
        Random random = new Random(seed);
        long received = 20;
        Map<String, SortedMap<String, Long>> wanted = new LinkedHashMap<>();
        for (int i = 0; i < 600; i++) {
            String order = "order-" + random.nextInt(120);
            switch (random.nextInt(8)) {
                case 0, 1, 2, 3 -> {
                    SortedMap<String, Long> quantities =
                            wanted.computeIfAbsent(order, id -> new TreeMap<>(somePieces(random)));
                    stock.commands.sendAndWait(new ReserveOrAwait(order, quantities, UNTIL));
                }
                case 4 -> stock.commands.sendAndWait(new SellStock(order));
                case 5 -> stock.commands.sendAndWait(new ReleaseStock(order));
                case 6 -> stock.commands.sendAndWait(new StopWaiting(order));
                default -> {
                    stock.with("a", 1);
                    received++;
                }
            }
            if (random.nextInt(3) == 0) {
                stock.takeTurns();
                assertNobodyWaitsInVain(wanted, seed + " " + i);
            }
            StockLevel a = stock.level("a");
            StockLevel b = stock.level("b");
            assertThat(a.mayCome() + a.sold() + b.mayCome() + b.sold()).isEqualTo(received);
        }
        assertThat(served()).isNotEmpty().doesNotHaveDuplicates();
    }

    private void assertNobodyWaitsInVain(Map<String, SortedMap<String, Long>> wanted, String where) {
        for (String order : waitingNow()) {
            SortedMap<String, Long> quantities = wanted.getOrDefault(order, new TreeMap<>());
            assertThat(quantities).as(where + ": " + order).isNotEmpty();
            assertThat(quantities.entrySet())
                    .as(where + ": " + order + " could be served")
                    .anyMatch(
                            line -> line.getValue() > stock.level(line.getKey()).available());
            assertThat(quantities.entrySet())
                    .as(where + ": " + order + " has no hope")
                    .allMatch(line ->
                            line.getValue() <= stock.level(line.getKey()).mayCome());
        }
    }

    private Set<String> waitingNow() {
        Set<String> waiting = new LinkedHashSet<>();
        for (ReservationEvent event : stock.reservationEvents()) {
            if (event instanceof WaitingBegan) {
                waiting.add(event.orderId());
            } else {
                waiting.remove(event.orderId());
            }
        }
        return waiting;
    }

    private static Map<String, Long> somePieces(Random random) {
        return switch (random.nextInt(3)) {
            case 0 -> Map.of("a", 1L + random.nextInt(4));
            case 1 -> Map.of("b", 1L + random.nextInt(4));
            default -> Map.of("a", 1L + random.nextInt(4), "b", 1L + random.nextInt(4));
        };
    }

    private List<String> served() {
        return new ArrayList<>(stock.reservationEvents().stream()
                .filter(WaitingServed.class::isInstance)
                .map(ReservationEvent::orderId)
                .toList());
    }

    private List<WaitingRefused> refused() {
        return stock.events().stream()
                .filter(WaitingRefused.class::isInstance)
                .map(WaitingRefused.class::cast)
                .toList();
    }

    private void hold(String order, String product, long quantity) {
        assertThat(stock.commands.<Boolean>sendAndWait(new ReserveStock(order, pieces(product, quantity))))
                .isTrue();
    }

    private void release(String order) {
        stock.commands.sendAndWait(new ReleaseStock(order));
        stock.takeTurns();
    }

    private Reserved ask(String order, String product, long quantity) {
        return ask(order, Map.of(product, quantity));
    }

    private Reserved ask(String order, Map<String, Long> quantities) {
        return stock.commands.sendAndWait(new ReserveOrAwait(order, new TreeMap<>(quantities), UNTIL));
    }

    private static SortedMap<String, Long> pieces(String product, long quantity) {
        return new TreeMap<>(Map.of(product, quantity));
    }
}
