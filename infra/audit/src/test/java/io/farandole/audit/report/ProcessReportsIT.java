package io.farandole.audit.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.farandole.eventstore.Journal;
import io.farandole.eventstore.JournalEntry;
import io.farandole.eventstore.JournalSettings;
import io.farandole.messaging.EventType;
import io.farandole.testservers.PostgresServer;
import io.farandole.testservers.TestDatabase;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ProcessReportsIT {

    private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");
    private static final Period DAY = new Period(START, START.plus(Duration.ofDays(1)));

    private TestDatabase database;
    private Journal journal;
    private ProcessReports reports;

    @BeforeEach
    void opens() {
        database = PostgresServer.shared().createDatabase("report");
        database.migrate();
        DataSource asService = database.appDataSource();
        journal = new Journal(asService, JournalSettings.of("order"));
        reports = new ProcessReports(asService);
    }

    @AfterEach
    void closes() {
        journal.close();
        database.close();
    }

    @Test
    void processesAreGroupedByWhatTheirEndSays() {
        for (int i = 0; i < 5; i++) {
            happens("slow-" + i, "order.cancelled", "{\"reason\":\"time limit\"}", i);
        }
        happens("declined-1", "order.cancelled", "{\"reason\":\"declined\",\"by\":{\"who\":\"bank\"}}", 10);
        happens("bare-1", "order.cancelled", "{}", 11);
        happens("fine-1", "order.fulfilled", "{\"reason\":\"none\"}", 12);
        happens("later-1", "order.cancelled", "{\"reason\":\"declined\"}", 90_000);

        assertThat(reports.endsBy("order.cancelled", "reason", DAY, 10))
                .containsExactly(
                        new EndGroup("time limit", 5, List.of("slow-4", "slow-3", "slow-2")),
                        new EndGroup("declined", 1, List.of("declined-1")),
                        new EndGroup(null, 1, List.of("bare-1")));
        assertThat(reports.endsBy("order.cancelled", "by.who", DAY, 1))
                .containsExactly(new EndGroup(null, 6, List.of("bare-1", "slow-4", "slow-3")));
        assertThat(reports.endsBy("order.unknown", "reason", DAY, 10)).isEmpty();
    }

    @Test
    void slowProcessesAreNamedWithTheirLongestWait() {
        dances("quick", 0, 1, 2);
        dances("slow", 0, 1, 31);
        dances("slower", 100, 140, 145);
        dances("yesterday", -90_000, -80_000, -70_000);
        happens("alone", "order.placed", "{}", 5);

        assertThat(reports.slow(DAY, Duration.ofSeconds(10), 10))
                .containsExactly(
                        new SlowProcess(
                                "slower",
                                START.plusSeconds(100),
                                Duration.ofSeconds(45),
                                3,
                                Duration.ofSeconds(40),
                                "order.placed",
                                "stock.stock-reserved"),
                        new SlowProcess(
                                "slow",
                                START,
                                Duration.ofSeconds(31),
                                3,
                                Duration.ofSeconds(30),
                                "stock.stock-reserved",
                                "order.fulfilled"));
        assertThat(reports.slow(DAY, Duration.ofSeconds(10), 1)).hasSize(1);
    }

    @Test
    void aProcessThatReachesIntoThePeriodIsCountedWhole() {
        dances("over midnight", -10, 5, 20);
        assertThat(reports.slow(DAY, Duration.ZERO, 10)).singleElement().satisfies(slow -> assertThat(slow.took())
                .isEqualTo(Duration.ofSeconds(30)));
    }

    @Test
    void theTimeOfManyProcessesIsAddedUpByStretch() {
        for (int i = 0; i < 100; i++) {
            dances("p-" + i, i, i + 1, i + (i == 99 ? 61 : 4));
        }
        assertThat(reports.stretches(DAY, 10))
                .containsExactly(
                        new Stretch(
                                "stock.stock-reserved",
                                "order.fulfilled",
                                100,
                                Duration.ofSeconds(3),
                                Duration.ofSeconds(3),
                                Duration.ofSeconds(60),
                                Duration.ofSeconds(99 * 3 + 60)),
                        new Stretch(
                                "order.placed",
                                "stock.stock-reserved",
                                100,
                                Duration.ofSeconds(1),
                                Duration.ofSeconds(1),
                                Duration.ofSeconds(1),
                                Duration.ofSeconds(100)));
    }

    @Test
    void whatCannotBeAskedIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> reports.endsBy("order.cancelled", "reason'; drop", DAY, 10))
                .withMessageContaining("is no name of a field");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Period(START, START))
                .withMessageContaining("A period ends after it begins");
    }

    private void dances(String key, long placed, long reserved, long fulfilled) {
        happens(key, "order.placed", "{}", placed);
        happens(key, "stock.stock-reserved", "{}", reserved);
        happens(key, "order.fulfilled", "{}", fulfilled);
    }

    private void happens(String key, String type, String payload, long second) {
        journal.appendOwn(List.of(new JournalEntry(
                UUID.randomUUID().toString(),
                null,
                null,
                null,
                new EventType(type, 1),
                payload,
                null,
                key,
                null,
                null,
                null,
                null,
                null,
                null,
                START.plusSeconds(second))));
    }
}
