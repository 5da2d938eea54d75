package io.farandole.audit.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class CausalOrderTest {

    @Test
    void aCauseComesFirstWhateverTheClocksSay() {
        ProcessHistory order = Told.by("order").did("placed", "command", 500).history();
        ProcessHistory stock = Told.by("stock")
                .heard("order", "placed", "command", 500, -400)
                .did("reserved", "placed", 100)
                .history();
        assertThat(order(stock, order)).containsExactly("placed", "reserved");
    }

    @Test
    void whatAContextHadHeardComesBeforeWhatItDidThen() {
        ProcessHistory stock = Told.by("stock").did("reserved", null, 900).history();
        ProcessHistory order = Told.by("order")
                .heard("stock", "reserved", null, 900, -800)
                .did("confirmed", "placed", 200)
                .history();
        assertThat(order(order, stock)).containsExactly("reserved", "confirmed");
    }

    @Test
    void twoContextsMayHaveHeardOfThingsInDifferentOrders() {
        ProcessHistory order = Told.by("order")
                .heard("stock", "reserved", null, 10, 5)
                .heard("payment", "authorized", null, 12, 1)
                .history();
        ProcessHistory shipping = Told.by("shipping")
                .heard("payment", "authorized", null, 12, 1)
                .heard("stock", "reserved", null, 10, 30)
                .history();
        assertThat(order(order, shipping)).containsExactly("reserved", "authorized");
    }

    @Test
    void whereNothingElseDecidesTheClocksDo() {
        ProcessHistory stock = Told.by("stock").did("reserved", null, 20).history();
        ProcessHistory payment = Told.by("payment").did("authorized", null, 10).history();
        assertThat(order(stock, payment)).containsExactly("authorized", "reserved");
    }

    @Test
    void aCircleInAnAlteredHistoryIsShownByTime() {
        ProcessHistory order =
                Told.by("order").did("a", "b", 20).did("b", "a", 10).history();
        assertThat(order(order)).containsExactlyInAnyOrder("a", "b");
    }

    /** Random dances on clocks that differ by up to a second; then all that really was earlier must be. */
    @RepeatedTest(200)
    void noEventComesBeforeItsPast(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        List<Dancer> dancers = Stream.of("order", "stock", "payment", "shipping")
                .map(name -> new Dancer(name, Told.by(name), random.nextInt(1_000), new ArrayList<>()))
                .toList();
        Map<String, List<String>> past = new HashMap<>();
        List<Message> onTheWay = new ArrayList<>();
        for (int step = 0; step < 60; step++) {
            if (!onTheWay.isEmpty() && random.nextBoolean()) {
                Message message = onTheWay.remove(random.nextInt(onTheWay.size()));
                message.to.told.heard(message.from.name, message.event, message.cause, message.time, random.nextInt(5));
                message.to.knows.add(message.event);
            } else {
                Dancer dancer = dancers.get(random.nextInt(dancers.size()));
                String cause = dancer.knows.isEmpty() ? null : dancer.knows.get(random.nextInt(dancer.knows.size()));
                String event = "e" + step;
                long time = dancer.skew + step;
                dancer.told.did(event, cause, time);
                past.put(event, List.copyOf(dancer.knows));
                dancer.knows.add(event);
                dancers.stream()
                        .filter(other -> !other.name.equals(dancer.name) && random.nextInt(3) > 0)
                        .forEach(other -> onTheWay.add(new Message(dancer, other, event, cause, time)));
            }
        }
        List<ProcessHistory> histories =
                new ArrayList<>(dancers.stream().map(it -> it.told.history()).toList());
        Collections.shuffle(histories, random);
        List<String> order = order(histories.toArray(ProcessHistory[]::new));
        assertThat(order).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(past.keySet());
        past.forEach((event, earlier) -> earlier.forEach(each ->
                assertThat(order.indexOf(each)).as(each + " before " + event).isLessThan(order.indexOf(event))));
    }

    private record Dancer(String name, Told told, long skew, List<String> knows) {}

    private record Message(Dancer from, Dancer to, String event, @Nullable String cause, long time) {}

    private static List<String> order(ProcessHistory... histories) {
        return CausalOrder.of(List.of(histories)).stream()
                .map(CausalOrder.Id::eventId)
                .toList();
    }
}
