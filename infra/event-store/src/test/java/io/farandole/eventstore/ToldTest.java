package io.farandole.eventstore;

import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.messaging.EventType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ToldTest {

    private static final long PLENTY = 1_000_000_000;

    private final Told told = new Told(PLENTY);

    @Test
    void givesWhatComesNextInOrder() {
        told.add(List.of(append(13, 15), append(11, 12), append(17, 17)));
        assertThat(positions(told.after(10))).containsExactly(11L, 12L, 13L, 14L, 15L);
        assertThat(told.isMissing(15)).isTrue();
        told.add(List.of(append(16, 16)));
        assertThat(told.isMissing(15)).isFalse();
        assertThat(positions(told.after(15))).containsExactly(16L, 17L);
        assertThat(told.isAhead(17)).isFalse();
    }

    @Test
    void givesNothingBehindAGap() {
        told.add(List.of(append(12, 14)));
        assertThat(told.after(10)).isEmpty();
        assertThat(told.isAhead(10)).isTrue();
        assertThat(told.isMissing(10)).isTrue();
    }

    @Test
    void givesTheRestOfWhatHasBeenReadInPart() {
        told.add(List.of(append(11, 15), append(3, 4)));
        assertThat(positions(told.after(13))).containsExactly(14L, 15L);
        assertThat(told.isAhead(0)).isFalse();
    }

    @Test
    void isNotMissingWhatMustBeRead() {
        told.add(List.of(new Appended(11, 14, 2, List.of())));
        assertThat(told.after(10)).isEmpty();
        assertThat(told.isAhead(10)).isTrue();
        assertThat(told.isMissing(10)).isFalse();
        assertThat(told.after(14)).isEmpty();
        assertThat(told.isAhead(14)).isFalse();
    }

    @Test
    void keepsNothingOnceItWouldBeTooMuch() {
        Told small = new Told(3L * append(1, 1).characters());
        small.add(List.of(append(12, 14)));
        assertThat(small.isAhead(10)).isTrue();
        small.add(List.of(append(15, 15)));
        assertThat(small.isAhead(10)).isFalse();
        small.add(List.of(append(11, 13)));
        assertThat(positions(small.after(10))).containsExactly(11L, 12L, 13L);
        small.add(List.of(append(14, 16)));
        assertThat(positions(small.after(13))).containsExactly(14L, 15L, 16L);
    }

    @Test
    void knowsTheRowsOnlyOfWhatIsNextToEachOther() {
        assertThat(Appended.own("order", List.of(entry("a"), entry("b")), 7, 8).rows())
                .extracting(JournalRow::eventId)
                .containsExactly("a", "b");
        assertThat(Appended.own("order", List.of(entry("a"), entry("b")), 7, 9).rows())
                .isEmpty();
        assertThat(Appended.received(List.of(Sample.envelope("a", "{}"), Sample.envelope("b", "{}")), 1, 7, 7)
                        .rows())
                .isEmpty();
    }

    /** Whatever order commits come in, and wherever a reader goes on by itself: each row once, in order, none left out. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void givesEachRowOnce(long seed) {
        Random random = new Random(seed);
        List<Appended> commits = new ArrayList<>();
        long last = 0;
        while (last < 500) {
            long first = last + 1 + (random.nextInt(5) == 0 ? 1 : 0);
            last = first + random.nextInt(6);
            commits.add(append(first, last));
        }
        List<Long> existing = commits.stream()
                .flatMap(append -> append.rows().stream())
                .map(JournalRow::position)
                .toList();
        for (int i = 0; i < commits.size(); i++) {
            Collections.swap(commits, i, Math.min(commits.size() - 1, i + random.nextInt(6)));
        }
        List<Long> given = new ArrayList<>();
        long head = 0;
        for (Appended commit : commits) {
            told.add(List.of(commit));
            for (JournalRow row : told.after(head)) {
                given.add(row.position());
                head = row.position();
            }
            if (told.isMissing(head) && random.nextInt(4) == 0) {
                long upTo = head + 1 + random.nextInt(4);
                for (long position = head + 1; position <= upTo; position++) {
                    if (existing.contains(position)) {
                        given.add(position);
                    }
                }
                head = upTo;
            }
        }
        assertThat(given).isSorted().doesNotHaveDuplicates();
        assertThat(existing).containsAll(given);
        long reached = head;
        assertThat(given)
                .containsExactlyElementsOf(existing.stream()
                        .filter(position -> position <= reached)
                        .toList());
    }

    private static List<Long> positions(List<JournalRow> rows) {
        return rows.stream().map(JournalRow::position).toList();
    }

    private static Appended append(long first, long last) {
        List<JournalEntry> entries = LongStream.rangeClosed(first, last)
                .mapToObj(position -> entry("e-" + position))
                .toList();
        return Appended.own("order", entries, first, last);
    }

    private static JournalEntry entry(String id) {
        return JournalEntry.of(id, new EventType("order.noted", 1), "{}", "p", Instant.EPOCH);
    }
}
