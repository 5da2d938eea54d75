package io.farandole.verifier;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How rows differ from what their seals say, row by row; a row that moved is told from two that changed. Used by one thread. */
final class Differences {

    /** At most so many are described one by one; the rest is counted. */
    private static final int DESCRIBED = 200;

    private final List<There> there = new ArrayList<>();
    private final List<Gone> gone = new ArrayList<>();
    private long count;

    /** A row that is there, and differs from what was sealed at its place; by nothing being sealed there, perhaps. */
    private record There(long position, boolean sealed, Seal seal) {}

    /** A row that was sealed, and is not at its place any more; something else is, perhaps. */
    private record Gone(long position, Hash hash, boolean replaced, Seal seal) {}

    /** How many there are. */
    long count() {
        return count;
    }

    /** Compares by position: both are in order. */
    void compare(RowHashes rows, SealedBatch batch) {
        int row = 0;
        int sealed = 0;
        while (row < rows.count() || sealed < batch.positions().length) {
            int order = order(rows, row, batch, sealed);
            if (order < 0) {
                add(new There(rows.position(row), false, batch.seal()));
                row++;
            } else if (order > 0) {
                add(new Gone(batch.positions()[sealed], Hash.at(batch.rowHashes(), sealed), false, batch.seal()));
                sealed++;
            } else {
                if (!rows.sameHash(row, batch, sealed)) {
                    add(new There(rows.position(row), true, batch.seal()));
                    keep(new Gone(rows.position(row), Hash.at(batch.rowHashes(), sealed), true, batch.seal()));
                }
                row++;
                sealed++;
            }
        }
    }

    private static int order(RowHashes rows, int row, SealedBatch batch, int sealed) {
        if (row == rows.count()) {
            return 1;
        }
        return sealed == batch.positions().length ? -1 : Long.compare(rows.position(row), batch.positions()[sealed]);
    }

    private void add(There one) {
        count++;
        if (there.size() < DESCRIBED) {
            there.add(one);
        }
    }

    private void add(Gone one) {
        count++;
        keep(one);
    }

    private void keep(Gone one) {
        if (gone.size() < DESCRIBED) {
            gone.add(one);
        }
    }

    /** Describes them; reads the rows that are there once more for that, if they are still there. */
    List<Fault> faults(SealedJournal journal) throws SQLException {
        List<Fault> faults = new ArrayList<>();
        List<Gone> unexplained = new ArrayList<>(gone);
        for (There each : there) {
            faults.add(fault(each, journal.row(each.position), unexplained));
        }
        unexplained.removeIf(Gone::replaced);
        Iterator<Gone> rest = unexplained.iterator();
        Gone first = rest.hasNext() ? rest.next() : null;
        Gone last = first;
        int rows = 1;
        while (first != null && last != null) {
            Gone next = rest.hasNext() ? rest.next() : null;
            if (next != null && next.seal.number() == last.seal.number() && next.position == last.position + 1) {
                last = next;
                rows++;
            } else {
                faults.add(removed(first, last, rows));
                first = next;
                last = next;
                rows = 1;
            }
        }
        return faults;
    }

    private static Fault fault(There each, @Nullable StoredRow row, List<Gone> unexplained) {
        String event = row == null ? "a row that is gone by now" : "event " + row.eventId();
        String eventId = row == null ? null : row.eventId();
        Gone from = row == null ? null : origin(row, unexplained);
        if (from != null) {
            unexplained.remove(from);
            return new Fault(
                    Fault.Kind.ROW_MOVED,
                    each.position,
                    each.position,
                    eventId,
                    each.seal.number(),
                    null,
                    event + " was sealed at position " + from.position + " (seal " + from.seal.number() + ")");
        }
        return new Fault(
                each.sealed ? Fault.Kind.ROW_EDITED : Fault.Kind.ROW_ADDED,
                each.position,
                each.position,
                eventId,
                each.seal.number(),
                null,
                event
                        + (each.sealed
                                ? " is not as it was sealed: something in the row was edited"
                                : " stands where no row was when the journal was sealed")
                        + told(each.seal));
    }

    private static @Nullable Gone origin(StoredRow row, List<Gone> candidates) {
        return candidates.stream()
                .filter(candidate -> candidate.position != row.position())
                .filter(candidate -> Objects.equals(row.at(candidate.position).hash(), candidate.hash))
                .findFirst()
                .orElse(null);
    }

    private static Fault removed(Gone first, Gone last, int rows) {
        return new Fault(
                Fault.Kind.ROW_REMOVED,
                first.position,
                last.position,
                null,
                first.seal.number(),
                null,
                (rows == 1 ? "a row was removed" : rows + " rows were removed") + told(first.seal));
    }

    private static String told(Seal seal) {
        return " (seal " + seal.number() + " of " + seal.sealedAt() + ")";
    }
}
