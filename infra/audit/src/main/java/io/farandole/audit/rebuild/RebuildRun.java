package io.farandole.audit.rebuild;

import io.farandole.audit.rebuild.EventReplay.Count;
import io.farandole.audit.rebuild.RebuildRequest.Purpose;
import io.farandole.eventstore.Journal;
import io.farandole.eventstore.JournalPage;
import io.farandole.eventstore.JournalRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One instance's work at one rebuild or comparison: from where the copy is, to its end, or until it is stopped.
 *
 * <p>The journal is replayed in pages; a page is divided among the threads by process, each thread's share is one transaction, and
 * its position is written with it. So whoever takes over goes on exactly behind what is in the copy, thread by thread; and of two who
 * believe that it is theirs, one finds the position moved and has nothing written. Used by one thread.
 */
final class RebuildRun {

    private static final Logger log = LoggerFactory.getLogger(RebuildRun.class);

    /** So few rows are replayed while the live tables are locked, or in the comparison's snapshot. */
    private static final int NEAR = 200;

    private final RebuildParts parts;
    private final Rebuild rebuild;
    private final Limit limit;
    private final String holder;
    private final ReadModelParts model;
    private final CopyBatch batch;
    private final CopyTables copy;
    private final RebuildTable table;
    private long told = System.nanoTime();

    RebuildRun(RebuildParts parts, Rebuild rebuild, ReadModelParts model, String holder) {
        this.parts = parts;
        this.rebuild = rebuild;
        this.table = parts.table();
        this.limit = table.limit(rebuild.id());
        this.holder = holder;
        this.model = model;
        this.copy = new CopyTables(parts.jdbc(), rebuild.id(), model.shapes(), limit.isLimited());
        this.batch = new CopyBatch(parts, rebuild, model, copy);
    }

    /**
     * Works at it.
     *
     * @param stopping whether this instance goes down
     * @return false if it is to be gone on with later
     * @throws RefusedException if it cannot be done
     */
    boolean run(BooleanSupplier stopping) throws InterruptedException {
        List<Long> positions = begin();
        Owners owners = Owners.of(table, rebuild.id(), limit);
        ExecutorService threads = Executors.newFixedThreadPool(rebuild.threads(), work -> {
            Thread thread = new Thread(work, "farandole-rebuild-" + rebuild.readModel());
            thread.setDaemon(true);
            return thread;
        });
        try {
            boolean near = false;
            while (!near) {
                if (stopping.getAsBoolean()) {
                    return false;
                }
                long from = positions.stream().mapToLong(Long::longValue).min().orElseThrow();
                Page page = read(from, owners);
                Count count = page.upTo() > from ? replay(threads, page, positions) : Count.NONE;
                positions = positions.stream()
                        .map(position -> Math.max(position, page.upTo()))
                        .toList();
                // A full page is never near, however small pages are: the rest would be one transaction.
                near = page.rows().size() < Math.min(NEAR, pageSize());
                if (!tell(page, count)) {
                    return false;
                }
            }
        } finally {
            threads.shutdown();
            if (!threads.awaitTermination(1, TimeUnit.MINUTES)) {
                log.warn("A thread of rebuild {} has not ended for a minute", rebuild.id());
            }
        }
        return new RebuildEnd(parts, rebuild, owners, model, copy, batch, holder).end(positions, stopping);
    }

    private List<Long> begin() {
        List<Long> positions = table.positions(rebuild.id());
        if (positions.size() == rebuild.threads()) {
            log.info(
                    "{} {} of {} goes on at position {}",
                    rebuild.purpose(),
                    rebuild.id(),
                    rebuild.readModel(),
                    positions);
            return positions;
        }
        parts.inTransaction(() -> {
            copy.make();
            if (limit.isLimited()) {
                table.findOwners(rebuild.id(), limit, model.model().owned().orElseThrow());
            }
            table.begin(rebuild.id(), rebuild.threads());
        });
        if (limit.isLimited() && table.owners(rebuild.id(), 1).isEmpty()) {
            throw new RefusedException(
                    "The journal holds no events of " + limit.words().orElseThrow() + ": check its name and the times");
        }
        return IntStream.range(0, rebuild.threads()).mapToObj(part -> 0L).toList();
    }

    /** Some of the journal; everything up to {@code upTo} is in it that matters. */
    private record Page(List<JournalRow> rows, long upTo, long head) {}

    private int pageSize() {
        return parts.settings().batch() * rebuild.threads();
    }

    private Page read(long from, Owners owners) {
        long bound = model.handlers().isStreaming()
                ? LivePositions.ofProcessor(parts.jdbc(), rebuild.readModel()).least()
                : Long.MAX_VALUE;
        Journal journal = parts.journal();
        int most = pageSize();
        if (owners.areLimited()) {
            long head = Math.min(journal.head(), bound);
            List<JournalRow> rows = head <= from ? List.of() : model.visible(journal, owners, from, head, most);
            return new Page(rows, rows.size() < most ? Math.max(head, from) : last(rows), head);
        }
        JournalPage page = journal.read(from, most);
        List<JournalRow> rows =
                page.rows().stream().filter(row -> row.position() <= bound).toList();
        long upTo = Math.min(page.upTo(), Math.max(bound, from));
        return new Page(rows, upTo, Math.max(upTo, Math.min(bound, journal.tailPosition())));
    }

    private static long last(List<JournalRow> rows) {
        return rows.get(rows.size() - 1).position();
    }

    private Count replay(ExecutorService threads, Page page, List<Long> positions) throws InterruptedException {
        int all = rebuild.threads();
        boolean byAggregate = model.model().isByAggregate();
        List<Future<Count>> shares = new ArrayList<>();
        for (int part = 0; part < all; part++) {
            int share = part;
            long position = positions.get(part);
            List<JournalRow> rows = page.rows().stream()
                    .filter(row -> row.position() > position
                            && model.concerns(row)
                            && Math.floorMod(ownerOf(row, byAggregate).hashCode(), all) == share)
                    .toList();
            if (page.upTo() > position) {
                shares.add(threads.submit(() -> batch.replay(share, rows, position, page.upTo())));
            }
        }
        Count count = Count.NONE;
        for (Future<Count> share : shares) {
            try {
                count = count.plus(share.get());
            } catch (ExecutionException e) {
                Throwable cause = Objects.requireNonNull(e.getCause());
                // The other threads' shares end by themselves: the pool is waited for.
                throw cause instanceof RuntimeException failure ? failure : new IllegalStateException(cause);
            }
        }
        return count;
    }

    /** Of an event of no aggregate its process, for then it concerns no row of an aggregate. */
    private static String ownerOf(JournalRow row, boolean byAggregate) {
        String aggregateId = row.aggregateId();
        return byAggregate && row.own() && aggregateId != null ? aggregateId : row.processKey();
    }

    private boolean tell(Page page, Count count) {
        long now = System.nanoTime();
        long millis = TimeUnit.NANOSECONDS.toMillis(now - told);
        told += TimeUnit.MILLISECONDS.toNanos(millis);
        return table.progress(rebuild.id(), holder, page.upTo(), page.head(), count.events(), count.unknown(), millis);
    }

    /** In words, for logs and people. */
    static String sentence(Rebuild rebuild, Difference difference, long parked, long unknown) {
        String upTo = " up to position " + difference.upTo();
        String limited = rebuild.limitedTo() == null ? "" : " (" + rebuild.limitedTo() + ")";
        String rows = difference.tables().stream()
                .map(each -> each.rows() + " rows in " + each.table())
                .collect(Collectors.joining(", "));
        String aside = parked == 0
                ? ""
                : " " + parked
                        + " processes are set aside in it, whose rows lack what waits: see farandole parked list.";
        if (unknown > 0) {
            aside += " " + unknown + " events of types that nobody knows any more were passed over.";
        }
        if (difference.isNone()) {
            return rebuild.readModel() + limited + " is what the journal makes of it" + upTo + ": " + rows + "."
                    + aside;
        }
        return rebuild.purpose() == Purpose.COMPARE
                ? rebuild.readModel() + limited + " differs from what the journal makes of it" + upTo + ": "
                        + difference.words() + "; " + rows + " as they should be." + aside
                : rebuild.readModel() + limited + " was put right" + upTo + ": " + difference.words() + "; " + rows
                        + ".";
    }
}
