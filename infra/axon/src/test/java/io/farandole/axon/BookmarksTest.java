package io.farandole.axon;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BookmarksTest {

    private static final long SECOND = Duration.ofSeconds(1).toNanos();
    private static final long START = Long.MAX_VALUE - 3 * SECOND;

    private final Bookmarks bookmarks = new Bookmarks(Duration.ofSeconds(1), START);

    @Test
    void areDueOncePerIntervalForEachSegment() {
        assertThat(bookmarks.isAnyDue(START)).isFalse();
        assertThat(bookmarks.isAnyDue(START + SECOND))
                .as("no segment known yet")
                .isTrue();
        assertThat(bookmarks.take(0, START + SECOND)).as("first seen").isFalse();
        assertThat(bookmarks.isAnyDue(START + SECOND)).isFalse();
        assertThat(bookmarks.take(0, START + 2 * SECOND)).isTrue();
        assertThat(bookmarks.take(0, START + 2 * SECOND)).isFalse();
        assertThat(bookmarks.take(1, START + 2 * SECOND)).isFalse();
        assertThat(bookmarks.take(1, START + 4 * SECOND))
                .as("past the clock's overflow")
                .isTrue();
    }

    @Test
    void areNotDueWhereBatchesStoreTokens() {
        bookmarks.stored(0, START);
        bookmarks.stored(0, START + SECOND);
        assertThat(bookmarks.take(0, START + SECOND + SECOND / 2)).isFalse();
        assertThat(bookmarks.isAnyDue(START + 2 * SECOND)).isTrue();
        bookmarks.retain(Set.of(1));
        bookmarks.stored(1, START + 2 * SECOND);
        assertThat(bookmarks.isAnyDue(START + 2 * SECOND)).isFalse();
    }
}
