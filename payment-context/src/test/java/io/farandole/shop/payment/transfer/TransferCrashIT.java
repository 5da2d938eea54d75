package io.farandole.shop.payment.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.messaging.failpoint.Failpoint;
import io.farandole.shop.payment.DyingService;
import io.farandole.shop.payment.transfer.bank.BankAccount;
import io.farandole.shop.payment.transfer.bank.TwoBanks;
import io.farandole.testservers.Patience;
import io.farandole.testservers.PostgresServer;
import io.farandole.testservers.TestDatabase;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
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

/**
 * The payment service is killed at a moment of a transfer, and started again, with the next moment to die at: before and after each bank's
 * PREPARE and COMMIT, and each of its own transactions and calls, with XA, as a saga, and as a saga that is undone. Every
 * transfer comes to its end, once, nothing is left prepared or held, and both banks' books balance. Every build tries some, as a
 * seed says that is in the log ({@code -Dtransfer.seed=4711} repeats one); the slow tests try all.
 */
class TransferCrashIT {

    private static final Logger LOG = LoggerFactory.getLogger(TransferCrashIT.class);
    private static final int SAMPLE = 4;
    private static final long OPENING = 10_000;
    private static final long AMOUNT = 1_000;

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

    /** Those that a transfer passes with each of its calls. */
    private static final List<Failpoint> OF_A_CALL = List.of(
            Failpoint.OUTSIDE_CALL_CLAIMED,
            Failpoint.OUTSIDE_CALL_ANSWERED,
            Failpoint.OUTSIDE_RESULT_WRITTEN,
            Failpoint.OUTSIDE_RESULT_COMMITTED);

    private static final List<String> XA_MOMENTS = List.of(
            "WORKED a",
            "PREPARING a",
            "PREPARED a",
            "WORKED b",
            "PREPARING b",
            "PREPARED b",
            "COMMITTING a",
            "COMMITTED a",
            "COMMITTING b",
            "COMMITTED b");

    @TempDir
    private Path directory;

    private final HttpClient http = HttpClient.newHttpClient();

    @SuppressWarnings("NullAway.Init") // JUnit sets the directory before each test
    TransferCrashIT() {}

    private enum Story {
        /** In one transaction of both banks. */
        XA(TransferMode.XA, 1),
        /** Held, credited, taken. */
        SAGA(TransferMode.SAGA, 3),
        /** Held, not credited, for the payee is unknown, released. */
        UNDONE(TransferMode.SAGA, 3);

        private final TransferMode mode;
        private final int calls;

        Story(TransferMode mode, int calls) {
            this.mode = mode;
            this.calls = calls;
        }

        List<Death> deaths() {
            List<Death> deaths = new ArrayList<>();
            POINTS.forEach(it -> deaths.add(new Death(this, it.name(), 1)));
            for (int call = 2; call <= calls; call++) {
                int passage = call;
                OF_A_CALL.forEach(it -> deaths.add(new Death(this, it.name(), passage)));
            }
            if (this == XA) {
                XA_MOMENTS.forEach(it -> deaths.add(new Death(this, it, 1)));
            }
            return deaths;
        }
    }

    private record Death(Story story, String at, int times) {}

    private record Begun(Story story, String id, BankAccount from, BankAccount to) {}

    @Test
    void theBooksBalanceWhereverTheServiceDies() throws Exception {
        long seed = Long.getLong("transfer.seed", System.nanoTime() & 0xffffff);
        LOG.info("Seed {}", seed);
        List<Death> all = new ArrayList<>();
        for (Story story : Story.values()) {
            all.addAll(story.deaths());
        }
        Collections.shuffle(all, new Random(seed));
        survives(all.subList(0, SAMPLE));
    }

    @Tag("slow")
    @ParameterizedTest
    @EnumSource
    void theBooksBalanceAfterADeathAtEveryMoment(Story story) throws Exception {
        survives(story.deaths());
    }

    private void survives(List<Death> deaths) throws Exception {
        try (TwoBanks banks = new TwoBanks(PostgresServer.shared(), PostgresServer.shared());
                TestDatabase database = PostgresServer.shared().createDatabase("payment");
                DyingService service = new DyingService(directory, database, properties(banks))) {
            List<Begun> begun = new ArrayList<>();
            for (Death death : deaths) {
                LOG.info("To die: {}", death);
                service.start(death.at(), death.times());
                begun.add(dies(service, banks, death, begun.size()));
            }
            service.start();
            for (Begun transfer : begun) {
                ends(service, banks, transfer);
            }
            Patience.await("nothing is left to do")
                    .untilAsserted(() -> assertThat(leftIn(database)).isEmpty());
            Patience.await("nothing is left prepared").until(() -> banks.prepared() == 0);
            assertThat(banks.faults()).isEmpty();
        }
    }

    private Begun dies(DyingService service, TwoBanks banks, Death death, int number) throws Exception {
        String id = "t-" + number;
        BankAccount from = banks.open("a", "payer-" + number, "EUR", OPENING);
        BankAccount to = death.story() == Story.UNDONE
                ? new BankAccount("b", "nobody")
                : banks.open("b", "payee-" + number, "EUR", 0);
        Begun transfer = new Begun(death.story(), id, from, to);
        service.arm();
        if (death.at().equals(Failpoint.OUTSIDE_CALL_POSTPONED.name())) {
            // Locked for longer than the bank's clients wait: an outcome that is not known.
            try (Connection other = banks.database("a").connectAsAdmin();
                    Statement statement = other.createStatement()) {
                other.setAutoCommit(false);
                statement.execute("select from app.account where account = '" + from.account() + "' for update");
                tryToStart(service, transfer);
                awaitDeath(service, death);
                other.rollback();
            }
        } else {
            tryToStart(service, transfer);
            awaitDeath(service, death);
        }
        return transfer;
    }

    private static void awaitDeath(DyingService service, Death death) {
        Patience.await("dies at " + death).until(service::isDead);
    }

    /** Asked for again, as a client does that got no answer; and done, or undone, once. */
    private void ends(DyingService service, TwoBanks banks, Begun transfer) throws Exception {
        assertThat(post(service, transfer).statusCode()).isEqualTo(202);
        String end = transfer.story() == Story.UNDONE ? "REFUSED" : "COMPLETED";
        Patience.await(transfer + " is " + end)
                .until(() ->
                        send(service, "/transfers/" + transfer.id()).body().contains("\"status\":\"" + end + "\""));
        long moved = transfer.story() == Story.UNDONE ? 0 : AMOUNT;
        assertThat(banks.balance(transfer.from())).as("%s", transfer).isEqualTo(OPENING - moved);
        if (moved > 0) {
            assertThat(banks.balance(transfer.to())).as("%s", transfer).isEqualTo(moved);
        }
    }

    private void tryToStart(DyingService service, Begun transfer) throws InterruptedException {
        try {
            post(service, transfer);
        } catch (IOException e) {
            // It has died before it answered: what became of it is asked for again.
            assertThat(e).isNotNull();
        }
    }

    private HttpResponse<String> post(DyingService service, Begun transfer) throws IOException, InterruptedException {
        String body =
                """
                {"transferId":"%s","mode":"%s","amount":10.00,"currency":"EUR",
                 "from":{"bank":"%s","account":"%s"},"to":{"bank":"%s","account":"%s"}}"""
                        .formatted(
                                transfer.id(),
                                transfer.story().mode,
                                transfer.from().bank(),
                                transfer.from().account(),
                                transfer.to().bank(),
                                transfer.to().account());
        return http.send(
                request(service, "/transfers")
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> send(DyingService service, String path) throws IOException, InterruptedException {
        return http.send(request(service, path).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpRequest.Builder request(DyingService service, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + service.port() + path))
                .timeout(Duration.ofSeconds(30));
    }

    private Map<String, String> properties(TwoBanks banks) {
        Map<String, String> properties = new LinkedHashMap<>();
        properties.put("shop.payment.provider.url", "http://127.0.0.1:1");
        properties.put("shop.transfer.object-store", directory.resolve("xa-log").toString());
        properties.put("shop.transfer.node", "dying");
        properties.put("shop.transfer.recovery-period", "200ms");
        properties.put("shop.transfer.orphan-after", "500ms");
        properties.put("shop.transfer.lock-timeout", "300ms");
        banks.settings().forEach((name, bank) -> {
            String prefix = "shop.transfer.banks." + name;
            properties.put(prefix + ".url", bank.url());
            properties.put(prefix + ".username", bank.username());
            properties.put(prefix + ".password", bank.password());
        });
        for (TransferStep step : TransferStep.values()) {
            // Soon taken over from the dead.
            String kind = "farandole.outside-calls.kinds." + step.call();
            properties.put(kind + ".lease", "3s");
            properties.put(kind + ".initial-backoff", "100ms");
            properties.put(kind + ".max-backoff", "500ms");
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
}
