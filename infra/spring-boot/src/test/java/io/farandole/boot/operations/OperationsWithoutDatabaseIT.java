package io.farandole.boot.operations;

import static io.farandole.boot.operations.Client.json;
import static io.farandole.boot.operations.Client.query;
import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.boot.operations.Client.Answer;
import io.farandole.testservers.Patience;
import io.farandole.testservers.PostgresProxy;
import io.farandole.testservers.PostgresServer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What an operator is told while the database is away: soon, and that it is the database. */
class OperationsWithoutDatabaseIT {

    /** Waiting for a connection, and for those in the pool to be found dead, is bounded by 5 s each; the rest is for slow machines. */
    private static final Duration SOON = Duration.ofSeconds(20);

    private static PostgresProxy proxy;
    private static PostOffice office;
    private static Client client;

    @BeforeAll
    static void opens() {
        proxy = PostgresProxy.to(PostgresServer.shared());
        office = PostOffice.open(
                Map.of("spring.datasource.hikari.data-source-properties.socketTimeout", "5"), proxy::url);
        client = new Client(office.port("server"));
    }

    @AfterAll
    static void closes() {
        proxy.network().heal();
        if (office != null) {
            office.close();
        }
        proxy.close();
    }

    @Test
    void everyEndpointSaysSoAndGoesOnAfterwards() {
        failOnceTheDatabaseIsThere("away-1");
        String event = event("away-1");
        proxy.network().refuse();
        try {
            for (Supplier<Answer> request : requests("away-1", event)) {
                assertUnavailable(request);
            }
        } finally {
            proxy.network().heal();
        }
        Patience.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> client.get("/parked").status() == 200);
        assertThat(event("away-1")).isEqualTo(event);
        assertThat(client.get(shown("away-1")).json().path("decisions").size()).isZero();
    }

    /** The network swallows everything, and closes nothing: the driver's time-out for an answer decides. */
    @Test
    void aSilentDatabaseIsToldWhenTheDriverGivesUpWaiting() {
        failOnceTheDatabaseIsThere("silent-1");
        String event = event("silent-1");
        proxy.network().pause();
        try {
            requests("silent-1", event).subList(0, 2).forEach(OperationsWithoutDatabaseIT::assertUnavailable);
        } finally {
            proxy.network().resume();
            proxy.network().cut();
        }
        Patience.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> client.get("/parked").status() == 200);
    }

    /** Connections of the pool that were cut are found dead one by one. */
    private static void failOnceTheDatabaseIsThere(String parcel) {
        Patience.await().atMost(Duration.ofSeconds(90)).ignoreExceptions().until(() -> {
            office.fail(parcel, new IllegalStateException("no label"));
            return true;
        });
    }

    private static List<Supplier<Answer>> requests(String key, String event) {
        return List.of(
                () -> client.get("/parked"),
                () -> client.get(shown(key)),
                () -> client.get("/parkedgroups"),
                () -> client.get("/parkedretries/1"),
                () -> client.post(
                        "/parkedprocess",
                        json(
                                "processor", "courier",
                                "key", key,
                                "failedEventId", event,
                                "decision", "SKIP",
                                "reason", "lost")));
    }

    private static void assertUnavailable(Supplier<Answer> request) {
        long start = System.nanoTime();
        Answer answer = request.get();
        assertThat(answer.status()).as(answer.toString()).isEqualTo(503);
        assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
        assertThat(answer.text("/detail")).contains("database");
        assertThat(answer.response().body()).doesNotContain("Exception");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SOON);
    }

    private static String event(String key) {
        return client.get(shown(key)).text("/process/failedEventId");
    }

    private static String shown(String key) {
        return "/parkedprocess" + query("processor", "courier", "key", key);
    }
}
