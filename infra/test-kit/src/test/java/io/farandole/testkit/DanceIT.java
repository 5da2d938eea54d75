package io.farandole.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.zaxxer.hikari.HikariDataSource;
import io.farandole.axon.AggregateCache;
import io.farandole.axon.ParkedProcesses;
import io.farandole.axon.ParkedQuery;
import io.farandole.testkit.ping.Game;
import io.farandole.testkit.ping.PingApplication;
import io.farandole.testkit.pong.PongApplication;
import io.farandole.testservers.Patience;
import io.micrometer.core.instrument.Measurement;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.StreamSupport;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.actuate.endpoint.IndicatedHealthDescriptor;
import org.springframework.boot.health.contributor.Status;
import org.springframework.jdbc.core.JdbcTemplate;

class DanceIT {

    private static final String NO_WEB = "spring.main.web-application-type";

    private static Dance dance;

    @BeforeAll
    static void starts() {
        dance = Dance.of(
                Dancer.of("ping", PingApplication.class)
                        .following("pong.ball-returned.v1")
                        .with(NO_WEB, "none"),
                Dancer.of("pong", PongApplication.class)
                        .following("ping.ball-served.v1")
                        .with(NO_WEB, "none"));
    }

    @AfterAll
    static void stops() {
        if (dance != null) {
            dance.close();
        }
    }

    @Test
    void twoContextsPlayTheBallToEachOther() {
        dance.context("ping").send(new Game.StartGame("g-1"));

        dance.context("pong").awaitPublished("pong.ball-returned.v1", "g-1");
        dance.context("ping").awaitReceived("pong.ball-returned.v1", "g-1");
        awaitTypes("g-1", "ping.game-started", "pong.ball-returned", "ping.game-ended");
    }

    @Test
    void aDeadlineEndsTheGameThatNobodyReturns() {
        dance.context("ping").send(new Game.StartGame("missed-1"));

        awaitTypes("missed-1", "ping.game-started", "farandole.deadline-passed", "ping.game-ended");
    }

    @Test
    void aProcessThatFailsIsSetAsideAndOthersGoOn() {
        dance.context("ping").send(new Game.StartGame("broken-1"));
        dance.context("ping").send(new Game.StartGame("g-2"));

        dance.context("pong").awaitPublished("pong.ball-returned.v1", "g-2");
        ParkedProcesses parked = dance.context("pong").bean(ParkedProcesses.class);
        Patience.await()
                .untilAsserted(() -> assertThat(parked.list(ParkedQuery.ALL).processes())
                        .anySatisfy(process -> {
                            assertThat(process.processKey()).isEqualTo("broken-1");
                            assertThat(parked.stackTrace(process.processor(), "broken-1")
                                            .orElseThrow())
                                    .contains("The racket is broken");
                        }));
    }

    /** What polls must rest when there is nothing to find: each look takes a connection. */
    @Test
    void anIdleContextRarelyAsksItsDatabase() {
        Timer looks = dance.context("ping")
                .bean(MeterRegistry.class)
                .get("hikaricp.connections.usage")
                .timer();
        Patience.await("an idle second").until(() -> {
            long before = looks.count();
            LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());
            return looks.count() - before < 30;
        });
    }

    @Test
    void aggregatesStayInMemoryFromCommandToCommand() {
        dance.context("ping").send(new Game.StartGame("g-kept"));
        assertThat(dance.context("ping").bean(AggregateCache.class).containsKey("g-kept"))
                .isTrue();
    }

    @Test
    void healthTellsOfEveryPart() {
        for (String part : List.of("relay", "listener", "processor", "journal")) {
            Patience.await(part).until(() -> status("ping", part).equals(Status.UP));
        }
    }

    @Test
    void whatHappensIsCountedUnderTheDocumentedNames() {
        dance.context("ping").send(new Game.StartGame("g-counted"));
        dance.context("ping").awaitReceived("pong.ball-returned.v1", "g-counted");
        MeterRegistry meters = dance.context("ping").bean(MeterRegistry.class);
        for (String name :
                List.of("relay.published", "relay.confirm", "listener.received", "listener.appended", "sagas")) {
            Patience.await(name)
                    .until(() -> meters.find("farandole." + name).meters().stream()
                                    .flatMap(meter ->
                                            StreamSupport.stream(meter.measure().spliterator(), false))
                                    .mapToDouble(Measurement::getValue)
                                    .sum()
                            > 0);
        }
    }

    @Test
    void aMissingBindingIsToldByNameAndLosesNothing() throws Exception {
        try (Connection admin = dance.broker().adminConnectionFactory().newConnection("test");
                Channel channel = admin.createChannel()) {
            channel.queueUnbind("pong.inbox", "ping.events", "ping.ball-served.v1");
            dance.context("ping").send(new Game.StartGame("g-unbound"));
            Patience.await().untilAsserted(() -> {
                assertThat(status("ping", "relay")).isEqualTo(Status.DOWN);
                assertThat(health("ping", "relay").getDetails().get("lastError"))
                        .asString()
                        .contains("pong.inbox", "ping.ball-served.v1");
            });
            channel.queueBind("pong.inbox", "ping.events", "ping.ball-served.v1");
        }
        dance.context("pong").awaitPublished("pong.ball-returned.v1", "g-unbound");
        Patience.await().until(() -> status("ping", "relay").equals(Status.UP));
    }

    private static Status status(String context, String part) {
        return health(context, part).getStatus();
    }

    private static IndicatedHealthDescriptor health(String context, String part) {
        return (IndicatedHealthDescriptor) Objects.requireNonNull(
                dance.context(context).bean(HealthEndpoint.class).healthForPath(part), part);
    }

    @Test
    void noWaitForTheDatabaseIsEndless() {
        JdbcTemplate jdbc = new JdbcTemplate(dance.context("ping").bean(DataSource.class));
        assertThat(jdbc.queryForObject("show lock_timeout", String.class)).isEqualTo("10s");
        assertThat(jdbc.queryForObject("show statement_timeout", String.class)).isEqualTo("30s");
        assertThat(jdbc.queryForObject("show idle_in_transaction_session_timeout", String.class))
                .isEqualTo("1min");
        HikariDataSource pool = dance.context("ping").bean(HikariDataSource.class);
        assertThat(pool.getConnectionTimeout()).isEqualTo(5_000);
        assertThat(pool.getDataSourceProperties()).containsEntry("socketTimeout", "40");
    }

    private static void awaitTypes(String game, String... types) {
        Patience.await().untilAsserted(() -> assertThat(dance.context("ping").journalOf(game))
                .extracting(JournalLine::type)
                .isEqualTo(List.of(types)));
    }
}
