package io.farandole.shop.payment.payroll;

import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.messaging.failpoint.Failpoint;
import io.farandole.testkit.JournalLine;
import io.farandole.testservers.PostgresServer;
import io.farandole.testservers.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The payment service is killed at a crash point of a payroll of five that is reversed, and started again, with the next point to die at:
 * every payroll comes to its end, nobody has what he should not, and the books balance. Every build tries some points, as a seed says that
 * is in the log ({@code -Dpayroll.seed=4711} repeats one).
 */
class PayrollCrashIT {

    private static final Logger LOG = LoggerFactory.getLogger(PayrollCrashIT.class);
    private static final int SAMPLE = 3;
    private static final int MOST_TIMES = 3;

    private static final List<Failpoint> POINTS = List.of(
            Failpoint.POST_WRITTEN,
            Failpoint.POST_COMMITTED,
            Failpoint.UNIT_WRITING,
            Failpoint.UNIT_WRITTEN,
            Failpoint.UNIT_COMMITTED,
            Failpoint.SAGAS_WRITTEN,
            Failpoint.BATCH_READ,
            Failpoint.BATCH_HANDLED,
            Failpoint.BATCH_COMMITTED,
            Failpoint.OUTSIDE_CALL_CLAIMED,
            Failpoint.OUTSIDE_CALL_ANSWERED,
            Failpoint.OUTSIDE_CALL_POSTPONED,
            Failpoint.OUTSIDE_RESULT_WRITTEN,
            Failpoint.OUTSIDE_RESULT_COMMITTED);

    @TempDir
    private Path directory;

    @SuppressWarnings("NullAway.Init") // JUnit sets the directory before each test
    PayrollCrashIT() {}

    private record Death(Failpoint at, int times) {}

    @Test
    void theBooksBalanceWhereverTheServiceDies() throws Exception {
        long seed = Long.getLong("payroll.seed", System.nanoTime() & 0xffffff);
        LOG.info("Seed {}", seed);
        Random random = new Random(seed);
        List<Failpoint> points = new ArrayList<>(POINTS);
        Collections.shuffle(points, random);
        survives(points.subList(0, SAMPLE).stream()
                .map(it -> new Death(it, times(it, random)))
                .toList());
    }

    @Tag("slow")
    @Test
    void theBooksBalanceAfterADeathAtEveryPoint() throws Exception {
        List<Death> deaths = new ArrayList<>();
        for (Failpoint point : POINTS) {
            for (int times = 1; times <= (once(point) ? 1 : MOST_TIMES); times++) {
                deaths.add(new Death(point, times));
            }
        }
        survives(deaths);
    }

    private static int times(Failpoint point, Random random) {
        return once(point) ? 1 : 1 + random.nextInt(MOST_TIMES);
    }

    /** Points that a payroll passes once. */
    private static boolean once(Failpoint point) {
        return point == Failpoint.POST_WRITTEN
                || point == Failpoint.POST_COMMITTED
                || point == Failpoint.OUTSIDE_CALL_POSTPONED;
    }

    private void survives(List<Death> deaths) throws Exception {
        try (StandInBanks banks = new StandInBanks();
                TestDatabase database = PostgresServer.shared().createDatabase("payment");
                DyingService service = new DyingService(directory, database, properties(banks))) {
            List<Company.Payroll> payrolls = new ArrayList<>();
            for (Death death : deaths) {
                LOG.info("To die: {}", death);
                service.start(death.at(), death.times());
                payrolls.add(dies(service, death));
            }
            service.start(Failpoint.UNIT_WRITING, Integer.MAX_VALUE);
            for (Company.Payroll payroll : payrolls) {
                payroll.start();
                payroll.awaits("REVERSED");
                assertThat(payroll.now().path("returned").asString()).isEqualTo("50.00");
            }
            assertThat(Books.wrongIn(journal(database), banks)).isEmpty();
        }
    }

    private static Company.Payroll dies(DyingService service, Death death) throws Exception {
        Company company = new Company(service::port, "50.00");
        Company.Payroll payroll = company.payroll().to("first", "DE-1", "flaky-2", "die-3", "DE-4", "refuse-5");
        service.arm();
        payroll.tryToStart();
        Awaitility.await("dies at " + death).atMost(Duration.ofSeconds(60)).until(service::isDead);
        return payroll;
    }

    private static Map<String, String> properties(StandInBanks banks) {
        return Map.of(
                "shop.payment.provider.url",
                "http://127.0.0.1:1",
                "shop.payroll.banks.first.url",
                banks.url("first"),
                "shop.payroll.banks.first.timeout",
                "500ms",
                "shop.payroll.banks.first.initial-backoff",
                "50ms",
                // Soon taken over from the dead.
                "farandole.outside-calls.kinds.pay-first.lease",
                "3s",
                "farandole.outside-calls.kinds.pay-first.initial-backoff",
                "50ms",
                "farandole.outside-calls.kinds.take-back-first.lease",
                "3s");
    }

    private static List<JournalLine> journal(TestDatabase database) {
        return new JdbcTemplate(database.appDataSource())
                .query(
                        "select position, own, source, payload_type, wire_type, process_key, payload"
                                + " from farandole.journal order by position",
                        (row, number) -> new JournalLine(
                                row.getLong(1),
                                row.getBoolean(2),
                                row.getString(3),
                                row.getString(4),
                                row.getString(5),
                                row.getString(6),
                                row.getString(7)));
    }
}
