package io.farandole.eventstore;

import java.time.Duration;
import java.util.regex.Pattern;

/**
 * How a context's journal is read.
 *
 * @param context the context's name, {@code order}: the source of its own events
 * @param pageSize at most so many rows per read; default 512
 * @param tailRows how many of the newest rows are kept in memory for streams and relay; default 4096. A follower that is
 *     further behind reads by itself.
 * @param tailCharacters at most so many characters of payload are kept with them; default 16 Mi
 * @param minPoll first wait before asking the database again without a wake-up, after something that another JVM has
 *     appended; default 10 ms. Doubles with every empty answer. Only other JVMs' events wait for a poll.
 * @param maxPoll longest such wait, reached after a few seconds without events; default 1 s, that is one query per second
 *     and JVM when idle
 */
public record JournalSettings(
        String context, int pageSize, int tailRows, int tailCharacters, Duration minPoll, Duration maxPoll) {

    public static final int DEFAULT_PAGE_SIZE = 512;
    public static final int DEFAULT_TAIL_ROWS = 4096;
    public static final int DEFAULT_TAIL_CHARACTERS = 16 << 20;
    public static final Duration DEFAULT_MIN_POLL = Duration.ofMillis(10);
    public static final Duration DEFAULT_MAX_POLL = Duration.ofSeconds(1);

    private static final Pattern CONTEXT = Pattern.compile("[a-z][a-z0-9-]*");

    public JournalSettings {
        if (!CONTEXT.matcher(context).matches()) {
            throw new IllegalArgumentException(
                    "A context's name is in kebab case, such as order, not '" + context + "'");
        }
        if (pageSize < 1 || tailRows < pageSize || tailCharacters < 1) {
            throw new IllegalArgumentException(
                    "The journal's page size (" + pageSize + ") must be 1 or more, its tail rows (" + tailRows
                            + ") at least a page, its tail characters (" + tailCharacters + ") 1 or more");
        }
        if (minPoll.compareTo(Duration.ofMillis(1)) < 0 || maxPoll.compareTo(minPoll) < 0) {
            throw new IllegalArgumentException("The journal's shortest poll (" + minPoll
                    + ") must be 1 ms or more, its longest (" + maxPoll + ") not shorter");
        }
    }

    /** The defaults, for a context. */
    public static JournalSettings of(String context) {
        return new JournalSettings(
                context,
                DEFAULT_PAGE_SIZE,
                DEFAULT_TAIL_ROWS,
                DEFAULT_TAIL_CHARACTERS,
                DEFAULT_MIN_POLL,
                DEFAULT_MAX_POLL);
    }

    /** The same with other polls. */
    public JournalSettings polling(Duration min, Duration max) {
        return new JournalSettings(context, pageSize, tailRows, tailCharacters, min, max);
    }

    /** The same with another page size and another number of rows kept in memory. */
    public JournalSettings keeping(int newPageSize, int newTailRows) {
        return new JournalSettings(context, newPageSize, newTailRows, tailCharacters, minPoll, maxPoll);
    }
}
