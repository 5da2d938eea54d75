package io.farandole.eventstore;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What this JVM has appended and committed, as far as the tail has not come to it: rows that need not be read.
 *
 * <p>Why it is right to take them from here. The tail has everything up to its head. If a commit of this JVM holds exactly the next
 * positions (see {@link Appended#rows}), then no other row can ever be among these, since a position is given once: a
 * reader that asked the database now would be given the same rows in the same order. Where the next position is not among
 * what is known here, another instance has it, or a transaction that is still open or was rolled back, and only the journal
 * tells which.
 *
 * <p>Used by the tail's thread.
 */
final class Told {

    /** By first position. */
    private final TreeMap<Long, Appended> appends = new TreeMap<>();

    private final long maxCharacters;
    private long characters;

    /** Keeps rows of about so many characters; when there are more, as behind a transaction that stays open, none at all. */
    Told(long maxCharacters) {
        this.maxCharacters = maxCharacters;
    }

    /** To be told of committed appends only. */
    void add(List<Appended> committed) {
        for (Appended append : committed) {
            appends.put(append.first(), append);
            characters += append.characters();
        }
        if (characters > maxCharacters) {
            forget();
        }
    }

    void forget() {
        appends.clear();
        characters = 0;
    }

    /** Takes the rows that come right after a position, in order, and forgets what lies before. */
    List<JournalRow> after(long position) {
        List<JournalRow> next = new ArrayList<>();
        long head = position;
        while (!appends.isEmpty()) {
            Map.Entry<Long, Appended> first = appends.firstEntry();
            Appended append = first.getValue();
            if (append.last() > head) {
                if (append.first() > head + 1 || append.rows().isEmpty()) {
                    break;
                }
                next.addAll(append.rows().subList((int) (head + 1 - append.first()), append.count()));
                head = append.last();
            }
            appends.remove(first.getKey());
            characters -= append.characters();
        }
        return next;
    }

    /** Whether commits are known behind a position, although {@link #after} gives nothing there. */
    boolean isAhead(long position) {
        return !appends.isEmpty() && appends.lastEntry().getValue().last() > position;
    }

    /** The same, and what comes right after the position is not among them. */
    boolean isMissing(long position) {
        return isAhead(position) && appends.firstKey() > position + 1;
    }
}
