package io.farandole.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.messaging.Envelope;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PublishWindowTest {

    private final PublishWindow window = new PublishWindow(0);
    private long number;

    private static Envelope event(long position, String key) {
        return Events.event(Events.PLACED, "e-" + position, key, position);
    }

    private long publishNext(String expectedId) {
        assertThat(window.peekReady()).isNotNull().extracting(Envelope::id).isEqualTo(expectedId);
        window.publishing(++number, number);
        return number;
    }

    @Test
    void holdsASuccessorBackUntilItsPredecessorIsConfirmed() {
        window.add(List.of(event(1, "a"), event(2, "a"), event(3, "b")), 3);
        long first = publishNext("e-1");
        long other = publishNext("e-3");
        assertThat(window.peekReady()).isNull();
        window.confirm(other, false);
        assertThat(window.confirmedUpTo()).isZero();
        window.confirm(first, false);
        assertThat(window.confirmedUpTo()).isEqualTo(1);
        window.confirm(publishNext("e-2"), false);
        assertThat(window.confirmedUpTo()).isEqualTo(3);
        assertThat(window.held()).isZero();
    }

    @Test
    void offersANackedEventAgainBeforeItsSuccessor() {
        window.add(List.of(event(1, "a"), event(2, "a")), 2);
        long first = publishNext("e-1");
        assertThat(window.nack(first, true)).extracting(Envelope::id).containsExactly("e-1");
        long again = publishNext("e-1");
        assertThat(window.confirm(first, false)).isEmpty();
        window.confirm(again, false);
        publishNext("e-2");
    }

    @Test
    void doesNotTakeAReturnedEventForConfirmed() {
        window.add(List.of(event(1, "a"), event(2, "a")), 2);
        long first = publishNext("e-1");
        assertThat(window.returned("e-1")).isNotNull();
        assertThat(window.returned("unknown")).isNull();
        assertThat(window.confirm(first, true)).isEmpty();
        assertThat(window.confirmedUpTo()).isZero();
        publishNext("e-1");
    }

    @Test
    void passesPositionsThatHoldNothingToPublish() {
        window.add(List.of(), 17);
        assertThat(window.confirmedUpTo()).isEqualTo(17);
        window.add(List.of(event(20, "a")), 25);
        assertThat(window.confirmedUpTo()).isEqualTo(17);
        window.confirm(publishNext("e-20"), true);
        assertThat(window.confirmedUpTo()).isEqualTo(25);
        assertThat(window.readUpTo()).isEqualTo(25);
    }

    @Test
    void knowsHowLongTheOldestConfirmIsAwaited() {
        assertThat(window.oldestInFlightNanos(100)).isZero();
        window.add(List.of(event(1, "a"), event(2, "b")), 2);
        window.publishing(1, 10);
        window.publishing(2, 60);
        assertThat(window.oldestInFlightNanos(100)).isEqualTo(90);
        window.confirm(1, false);
        assertThat(window.oldestInFlightNanos(100)).isEqualTo(40);
    }

    static List<Long> seeds() {
        List<Long> seeds = new ArrayList<>();
        for (long seed = 1; seed <= 300; seed++) {
            seeds.add(seed);
        }
        return seeds;
    }

    /**
     * A broker that confirms out of order, nacks, returns, and loses channels, between publish and confirm: in its queue
     * the first copies stand in order per key, everything arrives, and the saved position never passes what has not.
     */
    @ParameterizedTest
    @MethodSource("seeds")
    void keepsOrderPerKeyWhateverTheBrokerDoes(long seed) {
        Random random = new Random(seed);
        List<Envelope> events = new ArrayList<>();
        for (int i = 1; i <= 60; i++) {
            events.add(event(2L * i, "k" + random.nextInt(6)));
        }
        List<Envelope> queue = new ArrayList<>();
        long saved = 0;
        while (saved < 120) {
            saved = session(random, events, queue, saved);
            Set<String> inQueue = new HashSet<>();
            queue.forEach(event -> inQueue.add(event.id()));
            for (Envelope event : events) {
                if (event.sequence() <= saved) {
                    assertThat(inQueue).contains(event.id());
                }
            }
        }
        Set<Envelope> firstCopies = new LinkedHashSet<>(queue);
        assertThat(firstCopies).hasSize(60);
        Map<String, Long> last = new HashMap<>();
        for (Envelope copy : firstCopies) {
            Long before = last.put(copy.processKey(), copy.sequence());
            assertThat(before == null || before < copy.sequence()).isTrue();
        }
    }

    private static long session(Random random, List<Envelope> events, List<Envelope> queue, long position) {
        PublishWindow window = new PublishWindow(position);
        NavigableMap<Long, Envelope> unanswered = new TreeMap<>();
        long number = 0;
        long saved = position;
        for (int steps = 20 + random.nextInt(400); steps > 0 && saved < 120; steps--) {
            Envelope next = window.peekReady();
            if (window.held() < 20 && random.nextInt(3) == 0) {
                long after = window.readUpTo();
                List<Envelope> batch = events.stream()
                        .filter(event -> event.sequence() > after)
                        .limit(1 + random.nextInt(10))
                        .toList();
                window.add(
                        batch,
                        batch.isEmpty() ? after : batch.get(batch.size() - 1).sequence());
            } else if (next != null && window.inFlight() < 10 && random.nextBoolean()) {
                window.publishing(++number, number);
                unanswered.put(number, next);
                assertThat(unanswered.values().stream().map(Envelope::processKey))
                        .doesNotHaveDuplicates();
            } else if (!unanswered.isEmpty()) {
                answer(random, window, unanswered, queue);
            }
            saved = window.confirmedUpTo();
        }
        // The channel is lost: some of what was not answered is in the queue, in the order published.
        unanswered.values().stream().filter(event -> random.nextBoolean()).forEach(queue::add);
        return saved;
    }

    private static void answer(
            Random random, PublishWindow window, NavigableMap<Long, Envelope> unanswered, List<Envelope> queue) {
        List<Long> numbers = new ArrayList<>(unanswered.keySet());
        long one = numbers.get(random.nextInt(numbers.size()));
        switch (random.nextInt(5)) {
            case 0 -> {
                unanswered.remove(one);
                window.nack(one, false);
            }
            case 1 -> {
                Map<Long, Envelope> upTo = unanswered.headMap(one, true);
                queue.addAll(upTo.values());
                upTo.clear();
                window.confirm(one, true);
            }
            case 2 -> {
                Envelope event = unanswered.remove(one);
                window.returned(event == null ? null : event.id());
                window.confirm(one, false);
            }
            default -> {
                Envelope event = unanswered.remove(one);
                if (event != null) {
                    queue.add(event);
                }
                window.confirm(one, false);
            }
        }
    }
}
