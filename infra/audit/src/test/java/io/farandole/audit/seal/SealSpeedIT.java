package io.farandole.audit.seal;

import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.eventstore.Journal;
import io.farandole.eventstore.JournalEntry;
import io.farandole.eventstore.JournalPage;
import io.farandole.verifier.Progress;
import io.farandole.verifier.Range;
import io.farandole.verifier.Report;
import io.farandole.verifier.VerificationPlan;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What sealing costs those who append, and how fast a million rows are verified. Its figures are in the guide. */
@Tag("slow")
class SealSpeedIT {

    private static final Logger log = LoggerFactory.getLogger(SealSpeedIT.class);

    private static final int ROWS = Integer.getInteger("farandole.rows", 1_000_000);

    @Test
    void verifiesHalfAsFastAsAReplayThatDoesNothing(@TempDir Path directory) throws Exception {
        try (SealedContext context = new SealedContext(directory)) {
            context.append(1);
            context.asAdmin(
                    "insert into farandole.journal select nextval('farandole.journal_position'), own, event_id || n,"
                            + " source, aggregate_type, aggregate_id || n, sequence, payload_type, payload_version,"
                            + " '{\"orderId\":\"' || aggregate_id || n || '\",\"lines\":[{\"product\":\"p-' || n % 100"
                            + " || '\",\"quantity\":2,\"price\":1990}],\"address\":{\"city\":\"Arles\"}}', metadata,"
                            + " process_key || n, correlation_id || n, causation_id, traceparent, wire_type, wire_payload,"
                            + " source_sequence, key_id, occurred_at from farandole.journal, generate_series(2, " + ROWS
                            + ") n where position = 1");
            context.asAdmin("vacuum analyze farandole.journal");
            Sealer sealer = context.sealer(10_000);
            long began = System.nanoTime();
            sealer.seal();
            tell("sealing", ROWS, began);
            VerificationPlan plan = new VerificationPlan(
                    context.database().url(),
                    context.database().appUser(),
                    context.database().appPassword(),
                    null,
                    List.of(),
                    null,
                    Range.ALL,
                    null,
                    null);
            double replay = 0;
            double verification = 0;
            for (int i = 0; i < 3; i++) {
                replay = Math.max(replay, replay(context.journal()));
                resetPeaks();
                began = System.nanoTime();
                Report report = plan.run(Progress.NONE);
                verification = Math.max(verification, tell("verification", ROWS, began));
                log.info("peak heap of the verification, garbage included: {} MB", peakMegabytes());
                assertThat(report.intact()).isTrue();
                assertThat(report.rows()).isEqualTo(ROWS);
            }
            log.info("verification is {} of a replay", String.format(Locale.ROOT, "%.2f", verification / replay));
            assertThat(verification).isGreaterThan(0.5 * replay);
        }
    }

    private static double replay(Journal journal) {
        long began = System.nanoTime();
        long position = 0;
        long rows = 0;
        JournalPage page = journal.read(position, 1_000);
        while (!page.rows().isEmpty()) {
            rows += page.rows().size();
            position = page.upTo();
            page = journal.read(position, 1_000);
        }
        assertThat(rows).isEqualTo(ROWS);
        return tell("replay", rows, began);
    }

    @Test
    void leavesWritersAlone(@TempDir Path directory) throws Exception {
        try (SealedContext context = new SealedContext(directory)) {
            Journal journal = context.journal();
            journal.start();
            append(journal);
            List<Double> without = new ArrayList<>();
            List<Double> with = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                without.add(append(journal));
                Sealer sealer = context.sealer(
                        journal, 10_000, new CheckpointDirectory(directory, "order"), Duration.ofMillis(500));
                sealer.seal();
                sealer.start();
                with.add(append(journal));
                sealer.close();
            }
            log.info("appends/s without sealing {}, with {}", without, with);
            double share = with.stream().mapToDouble(d -> d).max().orElseThrow()
                    / without.stream().mapToDouble(d -> d).max().orElseThrow();
            log.info("with sealing: {} of the throughput", String.format(Locale.ROOT, "%.2f", share));
            assertThat(share).isGreaterThan(0.7);
        }
    }

    /** Eight writers, ten events to a transaction, for five seconds; events per second. */
    private static double append(Journal journal) throws Exception {
        AtomicBoolean stop = new AtomicBoolean();
        LongAdder events = new LongAdder();
        ExecutorService threads = Executors.newFixedThreadPool(8);
        long began = System.nanoTime();
        List<Future<?>> writers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            writers.add(threads.submit(() -> {
                while (!stop.get()
                        && System.nanoTime() - began < Duration.ofSeconds(5).toNanos()) {
                    List<JournalEntry> entries = new ArrayList<>();
                    for (int j = 0; j < 10; j++) {
                        entries.add(SealedContext.entry());
                    }
                    journal.appendOwn(entries);
                    events.add(10);
                }
            }));
        }
        for (Future<?> each : writers) {
            each.get();
        }
        threads.shutdown();
        return Math.round(events.sum() / ((System.nanoTime() - began) / 1e9));
    }

    private static double tell(String what, long rows, long began) {
        double rate = rows / ((System.nanoTime() - began) / 1e9);
        log.info("{}: {} rows/s", what, String.format(Locale.ROOT, "%,.0f", rate));
        return rate;
    }

    private static void resetPeaks() {
        ManagementFactory.getMemoryPoolMXBeans().forEach(MemoryPoolMXBean::resetPeakUsage);
    }

    private static long peakMegabytes() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                        .filter(pool -> pool.getType() == MemoryType.HEAP)
                        .mapToLong(pool -> pool.getPeakUsage().getUsed())
                        .sum()
                >> 20;
    }
}
