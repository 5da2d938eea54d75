package io.farandole.shop.payment.payroll;

import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.messaging.failpoint.Failpoint;
import io.farandole.shop.payment.DyingService;
import io.farandole.testkit.JournalLine;
import io.farandole.testservers.Patience;
import io.farandole.testservers.PostgresServer;
import io.farandole.testservers.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import tools.jackson.databind.JsonNode;

/**
 * The payment service is killed at a crash point of a payroll, and started again, with the next point to die at: while it pays, while it takes
 * back, while it tells the initiator, when its time is over; under each policy. Every payroll comes to its end, nothing is stuck, nobody
 * has what he should not, the initiator is told, and the books of all accounts balance. Every build tries some of them, as a seed says
 * that is in the log ({@code -Dpayroll.seed=4711} repeats one); the slow tests try all.
 */
class PayrollCrashIT {

    private static final Logger LOG = LoggerFactory.getLogger(PayrollCrashIT.class);
    private static final int SAMPLE = 4;
    private static final int MOST_TIMES = 3;

    /** Before and after each transaction and call on the way. */
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

    /** Those of one more call and its answer. */
    private static final List<Failpoint> OF_A_CALL = List.of(
            Failpoint.BATCH_HANDLED,
            Failpoint.OUTSIDE_CALL_CLAIMED,
            Failpoint.OUTSIDE_CALL_ANSWERED,
            Failpoint.OUTSIDE_CALL_POSTPONED,
            Failpoint.OUTSIDE_RESULT_WRITTEN,
            Failpoint.OUTSIDE_RESULT_COMMITTED);

    private static final List<Failpoint> OF_A_DEADLINE =
            List.of(Failpoint.DEADLINES_DUE, Failpoint.DEADLINES_WRITTEN, Failpoint.DEADLINES_COMMITTED);

    @TempDir
    private Path directory;

    @SuppressWarnings("NullAway.Init") // JUnit sets the directory before each test
    PayrollCrashIT() {}

    /** A payroll: its policy, its employees' accounts, and how it may end. */
    private enum Story {
        REVERSED("REVERSE", "PT1H", "REVERSED", "DE-1 flaky-2 die-3 DE-4 refuse-5"),
        EXPIRED("REVERSE", "PT5S", "REVERSED", "DE-1 flaky-2 down-3"),
        /** How many it has paid in its time depends on how long the service was dead. */
        GONE_ON("GO_ON", "PT8S", "PARTLY_PAID REVERSED", "DE-1 flaky-2 die-3 down-4 refuse-5"),
        /** Nobody decides about the one that is refused, and no call is under way that could end it before its time is over. */
        WAITED("GO_ON", "PT8S", "PARTLY_PAID REVERSED", "DE-1 flaky-2 DE-3 refuse-4"),
        CONFIRMED("HOLD", "PT1H", "PAID", "DE-1 flaky-2 die-3 DE-4 DE-5"),
        CANCELLED("HOLD", "PT1H", "REVERSED", "DE-1 flaky-2 die-3 DE-4 refuse-5");

        private final String policy;
        private final String expiresAfter;
        private final String ends;
        private final String accounts;

        Story(String policy, String expiresAfter, String ends, String accounts) {
            this.policy = policy;
            this.expiresAfter = expiresAfter;
            this.ends = ends;
            this.accounts = accounts;
        }

        List<String> ends() {
            return List.of(ends.split(" ", -1));
        }

        List<String> accounts() {
            return List.of(accounts.split(" ", -1));
        }

        /** Every place at which the service can die in it. */
        List<Death> deaths(Random random) {
            List<Death> deaths = new ArrayList<>();
            if (this != EXPIRED && this != WAITED) {
                POINTS.forEach(it -> deaths.add(new Death(this, Stage.PAYING, it, times(it, random))));
            }
            if (this == REVERSED || this == CANCELLED) {
                OF_A_CALL.forEach(it -> deaths.add(new Death(this, Stage.TAKING_BACK, it, 1)));
            }
            if (this == REVERSED || this == CONFIRMED) {
                OF_A_CALL.forEach(it -> deaths.add(new Death(this, Stage.TELLING, it, 1)));
            }
            if (this == EXPIRED || this == WAITED) {
                OF_A_DEADLINE.forEach(it -> deaths.add(new Death(this, Stage.PAYING, it, 1)));
            }
            return deaths;
        }

        private static int times(Failpoint point, Random random) {
            boolean once = point == Failpoint.POST_WRITTEN
                    || point == Failpoint.POST_COMMITTED
                    || point == Failpoint.OUTSIDE_CALL_POSTPONED;
            return once ? 1 : 1 + random.nextInt(MOST_TIMES);
        }
    }

    /** From when on it dies where it is to. */
    private enum Stage {
        PAYING,
        TAKING_BACK,
        TELLING
    }

    private record Death(Story story, Stage stage, Failpoint at, int times) {}

    @Test
    void theBooksBalanceWhereverTheServiceDies() throws Exception {
        Random random = new Random(seed());
        List<Death> all = new ArrayList<>();
        for (Story story : Story.values()) {
            all.addAll(story.deaths(random));
        }
        Collections.shuffle(all, random);
        survives(all.subList(0, SAMPLE));
    }

    @Tag("slow")
    @ParameterizedTest
    @EnumSource
    void theBooksBalanceAfterADeathAtEveryPoint(Story story) throws Exception {
        survives(story.deaths(new Random(seed())));
    }

    private static long seed() {
        long seed = Long.getLong("payroll.seed", System.nanoTime() & 0xffffff);
        LOG.info("Seed {}", seed);
        return seed;
    }

    private void survives(List<Death> deaths) throws Exception {
        try (StandInBanks banks = new StandInBanks();
                TestDatabase database = PostgresServer.shared().createDatabase("payment");
                DyingService service = new DyingService(directory, database, properties(banks))) {
            Map<Company.Payroll, Story> payrolls = new LinkedHashMap<>();
            for (Death death : deaths) {
                LOG.info("To die: {}", death);
                service.start(death.at().name(), death.times());
                payrolls.put(dies(service, banks, death), death.story());
            }
            service.start();
            for (Map.Entry<Company.Payroll, Story> payroll : payrolls.entrySet()) {
                ends(payroll.getKey(), payroll.getValue(), banks);
            }
            assertThat(Books.wrongIn(journal(database), banks)).isEmpty();
            Patience.await("nothing is left to do")
                    .untilAsserted(() -> assertThat(leftIn(database)).isEmpty());
        }
    }

    private static Company.Payroll dies(DyingService service, StandInBanks banks, Death death) throws Exception {
        Company company = new Company(service::port, "50.00");
        Company.Payroll payroll = company.payroll();
        List<String> accounts = death.story().accounts();
        for (int i = 0; i < accounts.size(); i++) {
            // A bank that is away is away for this payroll only.
            String account = accounts.get(i).startsWith("down-") ? accounts.get(i) + payroll.id : accounts.get(i);
            payroll.to(i % 2 == 0 ? "first" : "second", account);
        }
        payroll.with("onFailure", death.story().policy)
                .with("expiresAfter", death.story().expiresAfter)
                .with("callbackUrl", banks.url("notices"));
        switch (death.stage()) {
            case PAYING -> {
                service.arm();
                payroll.tryToStart();
            }
            case TAKING_BACK -> {
                banks.keep(true);
                payroll.start();
                Patience.await("something is wanted back").until(() -> banks.kept() > 0);
                service.arm();
                Patience.await("it is wanted again, or never").until(() -> service.isDead() || banks.kept() > 2);
                banks.keep(false);
            }
            case TELLING -> {
                banks.refuseNotices(Integer.MAX_VALUE);
                payroll.start();
                Patience.await("the initiator is told").until(() -> banks.refusedNotices() < Integer.MAX_VALUE);
                service.arm();
                int before = banks.refusedNotices();
                Patience.await("it is told again, or never")
                        .until(() -> service.isDead() || banks.refusedNotices() < before - 1);
                banks.refuseNotices(0);
            }
        }
        Patience.await("dies at " + death).until(service::isDead);
        return payroll;
    }

    /** Asked for again, as a client does that got no answer. */
    private static void ends(Company.Payroll payroll, Story story, StandInBanks banks) {
        payroll.start();
        if (story == Story.EXPIRED) {
            Patience.await("its time is over")
                    .until(() -> !payroll.now().path("status").asString().equals("RUNNING"));
            // What is under way when the time is over is awaited: the bank is back, pays, and has it taken back.
            banks.heal("down-3" + payroll.id);
        }
        JsonNode end = Patience.await(story + " ends as " + story.ends)
                .pollInterval(Duration.ofMillis(50))
                .until(payroll::now, it -> story.ends()
                        .contains(it.path("status").asString()));
        assertThat(end.path("outstanding").asString()).isEqualTo("0.00");
        assertThat(end.path("shortfall").asString()).isEqualTo("0.00");
        if (story != Story.GONE_ON && story != Story.WAITED) {
            assertThat(end.path(story == Story.CONFIRMED ? "paid" : "returned").asString())
                    .isEqualTo(story.accounts().size() + "0.00");
        }
        Patience.await("the initiator of " + story + " is told")
                .until(() -> payroll.now().path("notice").asString().equals("delivered"));
        assertThat(banks.notices().stream()
                        .filter(it -> it.startsWith(payroll.id + " "))
                        .distinct())
                .as("it may be told again, and never anything else")
                .hasSize(1);
    }

    private static Map<String, String> properties(StandInBanks banks) {
        Map<String, String> properties = new LinkedHashMap<>(Map.of(
                "shop.payment.provider.url",
                "http://127.0.0.1:1",
                "shop.payroll.callback.hosts",
                "127.0.0.1",
                "farandole.outside-calls.kinds.payroll-notice.lease",
                "3s",
                "farandole.outside-calls.kinds.payroll-notice.initial-backoff",
                "50ms",
                "farandole.outside-calls.kinds.payroll-notice.max-backoff",
                "500ms"));
        for (String bank : List.of("first", "second")) {
            String prefix = "shop.payroll.banks." + bank;
            properties.put(prefix + ".url", banks.url(bank));
            properties.put(prefix + ".timeout", "500ms");
            properties.put(prefix + ".initial-backoff", "50ms");
            properties.put(prefix + ".max-backoff", "500ms");
            for (String direction : List.of("pay-", "take-back-")) {
                // Soon taken over from the dead.
                String kind = "farandole.outside-calls.kinds." + direction + bank;
                properties.put(kind + ".lease", "3s");
                properties.put(kind + ".initial-backoff", "50ms");
            }
        }
        return properties;
    }

    /** Calls that are not over, processes that wait for a person, sagas that have not ended. */
    private static List<String> leftIn(TestDatabase database) {
        return new JdbcTemplate(database.appDataSource())
                .queryForList(
                        "select kind || ' ' || idempotency_key || ' ' || status from farandole.outside_call where status not in ('DONE', 'FAILED')"
                                + " union all select 'parked ' || processor || ' ' || process_key from farandole.parked_process"
                                + " union all select 'saga ' || process_key from farandole.saga where ended_at is null",
                        String.class);
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
