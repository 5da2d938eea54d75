package io.farandole.axon;

import static io.farandole.axon.Instance.ticks;
import static io.farandole.testservers.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.sun.management.ThreadMXBean;
import io.farandole.axon.ParkedProcess.Status;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Ten thousand processes are parked, with a gigabyte of stack traces. */
class ManyParkedIT {

    private static final int PARKED = 10_000;
    private static final int TRACE = 100_000;
    private static final long A_FEW_PAGES = 100L << 20;

    private Lab lab;

    @BeforeEach
    void open() {
        lab = new Lab("many");
        // Half of them at the same time, so that the order falls back on the keys.
        lab.asAdmin("insert into farandole.parked_process (processor, process_key, status, attempts, next_attempt_at,"
                + " first_failed_at, failed_position, failed_event_id, failed_event_type, error_class, error_message,"
                + " stack_trace, fingerprint) select 'gone-' || n % 2, 'k-' || n, 'PARKED', 10, now(),"
                + " timestamptz '2026-01-01' + (n / 2 % 5000) * interval '1 second', n, 'e-' || n, 'T', 'E',"
                + " repeat('m', 5000), repeat('x', " + TRACE + "), 'f-' || n % 3"
                + " from generate_series(1, " + PARKED + ") n;"
                + " insert into farandole.parked_event (processor, process_key, position, replayed)"
                + " select processor, process_key, failed_position, false from farandole.parked_process;"
                + " analyze farandole.parked_process, farandole.parked_event");
    }

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void areListedPageByPageWithoutTheirStackTraces() {
        Instance instance =
                lab.instance("a").processor("p", (event, jdbc) -> {}).start();
        instance.parked().list(ParkedQuery.ALL); // classes are loaded now

        Set<String> seen = new HashSet<>();
        List<ParkedProcess> last = new ArrayList<>();
        long allocated = allocatedBy(() -> {
            ParkedQuery query = ParkedQuery.ALL.withLimit(500);
            while (true) {
                ParkedPage page = instance.parked().list(query);
                assertThat(page.processes()).hasSizeLessThanOrEqualTo(500);
                for (ParkedProcess each : page.processes()) {
                    assertThat(seen.add(each.processor() + " " + each.processKey()))
                            .isTrue();
                    assertThat(each.errorMessage()).hasSize(1_000);
                    if (!last.isEmpty()) {
                        assertThat(each.firstFailedAt())
                                .isAfterOrEqualTo(last.get(0).firstFailedAt());
                    }
                    last.clear();
                    last.add(each);
                }
                if (page.next() == null) {
                    return;
                }
                query = query.withAfter(page.next());
            }
        });
        assertThat(seen).hasSize(PARKED);
        assertThat(allocated).isLessThan((long) PARKED * TRACE / 4);
        assertThat(instance.parked().stackTrace("gone-1", "k-1").orElseThrow()).hasSize(TRACE);
    }

    @Test
    void areNarrowedDownAndGrouped() {
        Instance instance =
                lab.instance("a").processor("p", (event, jdbc) -> {}).start();
        ParkedProcesses parked = instance.parked();
        ParkedQuery big = ParkedQuery.ALL.withLimit(ParkedQuery.LARGEST_PAGE);
        assertThat(parked.list(big.withProcessor("gone-1").withFingerprint("f-1"))
                        .processes())
                .hasSize(1_000)
                .allSatisfy(each ->
                        assertThat(each.fingerprint() + each.processor()).isEqualTo("f-1gone-1"));
        assertThat(parked.list(big.withStatus(Status.RETRYING)).processes()).isEmpty();
        assertThat(parked.list(big.withMinimumAge(Duration.ofDays(36_500))).processes())
                .isEmpty();
        assertThat(parked.list(big.withMinimumAge(Duration.ofMinutes(1))).processes())
                .hasSize(1_000);
        assertThat(parked.list(big.withProcessor("nobody\0's")).processes()).isEmpty();
        assertThatIllegalArgumentException().isThrownBy(() -> parked.list(big.withAfter("nonsense")));

        List<FailureGroup> groups = parked.groups(null, 100);
        assertThat(groups).hasSize(6);
        assertThat(groups.stream().mapToLong(FailureGroup::parked).sum()).isEqualTo(PARKED);
        assertThat(groups).allSatisfy(group -> assertThat(parked.find(group.processor(), group.sampleKey())
                        .orElseThrow()
                        .firstFailedAt())
                .isEqualTo(group.oldest()));
        assertThat(parked.groups("gone-0", 2)).hasSize(2);
        assertThat(parked.count()).isEqualTo(new ParkedProcesses.Counts(0, PARKED, PARKED));
    }

    /** A service that loaded them would allocate their gigabyte. */
    @Test
    void costAServiceNothingWhenItStarts() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        // Warms up.
        lab.instance("warm").processor("q", (event, jdbc) -> {}).start().close();
        long before = allocatedByAll(threads);
        Instance instance =
                lab.instance("a").processor("p", (event, jdbc) -> {}).start();
        instance.publish(ticks("k", 1, 10));
        await().until(() -> lab.effects("p", "k").size() == 10);
        assertThat(instance.parked().count().parked()).isEqualTo(PARKED);
        assertThat(allocatedByAll(threads) - before).isLessThan(A_FEW_PAGES);
    }

    private static long allocatedBy(Runnable work) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
        work.run();
        return threads.getThreadAllocatedBytes(Thread.currentThread().getId()) - before;
    }

    private static long allocatedByAll(ThreadMXBean threads) {
        return LongStream.of(threads.getThreadAllocatedBytes(threads.getAllThreadIds()))
                .filter(bytes -> bytes > 0)
                .sum();
    }
}
