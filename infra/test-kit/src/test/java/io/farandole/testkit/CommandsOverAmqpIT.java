package io.farandole.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import io.farandole.boot.command.CommandsOverAmqp;
import io.farandole.testkit.booking.BookingApplication;
import io.farandole.testkit.booking.Clerk;
import io.farandole.testservers.Patience;
import io.farandole.testservers.RabbitServer;
import io.farandole.testservers.TcpProxy;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.health.registry.HealthContributorRegistry;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.jdbc.core.JdbcTemplate;

/** What a sender of commands can rely on while handlers fail, servers are away and instances die. */
class CommandsOverAmqpIT {

    private static final int ATTEMPTS = 3;

    private static TcpProxy toBroker;
    private static Dance dance;
    private static RunningContext context;
    private static Clerk clerk;
    private static CommandsOverAmqp commands;
    private static JdbcTemplate jdbc;
    private static TicketOffice office;

    @BeforeAll
    static void start() throws Exception {
        RabbitServer broker = RabbitServer.shared();
        toBroker = TcpProxy.to(broker.host(), broker.port());
        dance = Dance.of(Dancer.of("booking", BookingApplication.class)
                .with("spring.main.web-application-type", "none")
                .with("spring.rabbitmq.host", toBroker.host())
                .with("spring.rabbitmq.port", Integer.toString(toBroker.port()))
                .with("spring.datasource.hikari.connection-timeout", "1000")
                .with("farandole.commands.attempts", Integer.toString(ATTEMPTS))
                .with("farandole.commands.initial-back-off", "50ms")
                .with("farandole.commands.max-back-off", "200ms")
                .with("farandole.commands.poll", "100ms"));
        context = dance.context("booking");
        clerk = context.bean(Clerk.class);
        commands = context.bean(CommandsOverAmqp.class);
        jdbc = new JdbcTemplate(context.database().adminDataSource());
        jdbc.execute("create table app.booking (seat text not null)");
        jdbc.execute("grant insert on app.booking to \"" + context.database().appUser() + "\"");
        office = new TicketOffice(dance.broker());
    }

    @AfterEach
    void letGo() {
        toBroker.heal();
        clerk.release();
    }

    @AfterAll
    static void stop() {
        office.close();
        dance.close();
        toBroker.close();
    }

    private static String fresh(String name) {
        return name + "-" + UUID.randomUUID();
    }

    private static List<String> fresh(String name, int count) {
        String prefix = fresh(name);
        List<String> seats = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            seats.add(prefix + "-" + i);
        }
        return seats;
    }

    private static void until(String what, Callable<Boolean> condition) {
        Patience.await(what).pollInterval(Duration.ofMillis(20)).until(condition);
    }

    private static long count(String sql, Object... values) {
        return Objects.requireNonNull(jdbc.queryForObject("select count(*) from " + sql, Long.class, values));
    }

    private static long bookings(String seat) {
        return count("app.booking where seat = ?", seat);
    }

    private static long stored(List<String> seats) {
        return count("farandole.command where id = any (?)", (Object) seats.toArray(String[]::new));
    }

    private static long carriedOut(List<String> seats) {
        return count(
                "farandole.command where id = any (?) and outcome = 'done'", (Object) seats.toArray(String[]::new));
    }

    private static double metric(String name) {
        return context.bean(MeterRegistry.class)
                .counter("farandole.commands." + name)
                .count();
    }

    private static void publish(List<String> seats) throws Exception {
        for (String seat : seats) {
            office.publish(seat, TicketOffice.plain(seat));
        }
        office.confirmed();
    }

    private static void assertEachBookedOnceAndAnswered(List<String> seats) {
        until("all " + seats.size() + " are answered", () -> office.answered().containsAll(seats));
        for (String seat : seats) {
            assertThat(office.answers(seat)).allMatch(answer -> answer.contains("\"outcome\":\"done\""));
            assertThat(office.answers(seat).stream().distinct()).as(seat).hasSize(1);
        }
        assertThat(jdbc.queryForList("select seat from app.booking where seat = any (?)", String.class, (Object)
                        seats.toArray(String[]::new)))
                .containsExactlyInAnyOrderElementsOf(seats);
    }

    @Test
    void whatKeepsFailingIsRefusedInTheEndAndCostsItsNeighboursNothing() throws Exception {
        String first = fresh("first");
        String bad = fresh("bad");
        List<String> good = fresh("good", 40);
        clerk.hold();
        office.send(first, TicketOffice.plain(first));
        for (String seat : good) {
            office.publish(seat, TicketOffice.plain(seat));
            if (seat.endsWith("-20")) {
                office.publish(bad, TicketOffice.booking(bad, Integer.MAX_VALUE, false));
            }
        }
        office.confirmed();
        until("all are stored", () -> stored(good) == good.size() && stored(List.of(bad)) == 1);
        clerk.release();
        assertEachBookedOnceAndAnswered(good);
        assertThat(office.await(bad, 1).get(0))
                .contains("\"outcome\":\"refused\",\"reason\":\"failed\"")
                .contains("will not be under this id");
        assertThat(jdbc.queryForMap("select attempts, failure, body from farandole.command where id = ?", bad))
                .containsEntry("attempts", ATTEMPTS)
                .containsEntry("failure", "java.lang.IllegalStateException: The clerk is confused")
                .containsEntry("body", null);
        assertThat(bookings(bad)).isZero();
        office.send(bad, TicketOffice.booking(bad, Integer.MAX_VALUE, false));
        List<String> again = office.await(bad, 2);
        assertThat(again).hasSize(2);
        assertThat(again.get(1)).isEqualTo(again.get(0));
        assertThat(bookings(bad)).isZero();
    }

    @Test
    void whatFailsTwiceIsCarriedOutOnceAndAnsweredOnce() throws Exception {
        String seat = fresh("second-try");
        office.send(seat, TicketOffice.booking(seat, 2, false));
        assertThat(office.await(seat, 1))
                .singleElement()
                .asString()
                .contains("\"outcome\":\"done\"")
                .as("each attempt runs it once")
                .contains("\"call\":3");
        String last = fresh("last");
        office.send(last, TicketOffice.plain(last));
        office.await(last, 1);
        assertThat(office.answers(seat)).hasSize(1);
        assertThat(bookings(seat)).isEqualTo(1);
        assertThat(count("farandole.command where id = ? and attempts = 2", seat))
                .isEqualTo(1);
    }

    @Test
    void aThrownRefusalReachesTheSenderAndUndoesWhatWasWritten() throws Exception {
        String seat = fresh("taken");
        office.send(seat, TicketOffice.booking(seat, 0, true));
        assertThat(office.await(seat, 1))
                .singleElement()
                .asString()
                .endsWith(
                        "{\"command\":\"%s\",\"outcome\":\"refused\",\"reason\":\"seat-taken\",\"detail\":\"Seat %s is taken\"}"
                                .formatted(seat, seat));
        assertThat(bookings(seat)).isZero();
        assertThat(count("farandole.command where id = ? and attempts = 0", seat))
                .isEqualTo(1);
    }

    @Test
    void anAnswerWithoutAQueueIsCountedAndKept() throws Exception {
        String seat = fresh("nowhere");
        double before = metric("replies.unroutable");
        office.publish(seat, TicketOffice.plain(seat), TicketOffice.NAME + ".nowhere");
        office.confirmed();
        until("it is counted", () -> metric("replies.unroutable") == before + 1);
        String kept = jdbc.queryForObject(
                "select answer_id || ' ' || answer from farandole.command where id = ?", String.class, seat);
        office.send(seat, TicketOffice.plain(seat));
        assertThat(office.await(seat, 1)).containsExactly(kept);
        assertThat(bookings(seat)).isEqualTo(1);
    }

    @Test
    void whatTheBrokerGivesUpIsRefusedAsUndeliverable() throws Exception {
        String seat = fresh("given-up");
        commands.stop();
        try (Connection admin = dance.broker().adminConnectionFactory().newConnection()) {
            office.send(seat, TicketOffice.plain(seat));
            Channel channel = admin.createChannel();
            channel.basicConsume("booking.commands", false, new DefaultConsumer(channel) {
                @Override
                public void handleDelivery(String tag, Envelope envelope, BasicProperties properties, byte[] body)
                        throws IOException {
                    channel.basicReject(envelope.getDeliveryTag(), false);
                }
            });
            until("it is given up", () -> admin.createChannel().messageCount("booking.commands.dlq") == 1);
        } finally {
            commands.start();
        }
        assertThat(office.await(seat, 1)).singleElement().asString().contains("\"reason\":\"undeliverable\"");
        assertThat(bookings(seat)).isZero();
    }

    @Test
    void answersAreForgottenAfterTheirTimeAndNotBefore() throws Exception {
        String old = fresh("old");
        String young = fresh("young");
        for (String seat : List.of(old, young)) {
            office.send(seat, TicketOffice.plain(seat));
            office.await(seat, 1);
        }
        answeredBefore(old, "7 days 1 minute");
        answeredBefore(young, "6 days 23:59");
        commands.stop();
        commands.start();
        until("the old one is forgotten", () -> stored(List.of(old)) == 0);
        assertThat(stored(List.of(young))).isEqualTo(1);
        for (String seat : List.of(old, young)) {
            office.send(seat, TicketOffice.plain(seat));
            office.await(seat, 2);
        }
        assertThat(bookings(old)).as("a new command").isEqualTo(2);
        assertThat(bookings(young)).as("answered from memory").isEqualTo(1);
        assertThat(office.answers(young).get(1)).isEqualTo(office.answers(young).get(0));
    }

    private static void answeredBefore(String seat, String interval) {
        assertThat(jdbc.update(
                        "update farandole.command set answered_at = answered_at - ?::interval where id = ?",
                        interval,
                        seat))
                .isEqualTo(1);
    }

    @Test
    void whatWasAcceptedIsAnsweredAfterTheBrokerWasAway() throws Exception {
        // What was answered in another case may have arrived, and its confirm not: that would be counted, too.
        until("nothing is left to send of other cases", () -> count("farandole.command_reply") == 0);
        List<String> seats = fresh("cut-off", 200);
        clerk.hold();
        publish(seats);
        until("all are stored", () -> stored(seats) == seats.size());
        toBroker.refuse();
        toBroker.cut();
        clerk.release();
        until("all are carried out", () -> carriedOut(seats) == seats.size());
        until("its health tells", () -> Status.DOWN.equals(health().getStatus()));
        assertThat(health().getDetails()).containsKey("receiving").containsEntry("unsent", (long) seats.size());
        assertThat(count("farandole.command_reply")).isEqualTo(seats.size());
        assertThat(office.answered()).doesNotContainAnyElementsOf(seats);
        toBroker.heal();
        assertEachBookedOnceAndAnswered(seats);
        until("nothing is left to send", () -> count("farandole.command_reply") == 0);
        until("its health is up again", () -> Status.UP.equals(health().getStatus()));
    }

    private static Health health() {
        HealthIndicator indicator = (HealthIndicator) Objects.requireNonNull(
                context.bean(HealthContributorRegistry.class).getContributor("command"));
        return Objects.requireNonNull(indicator.health(true));
    }

    @Test
    void healthTellsOfACommandThatWaitsForTooLong() throws Exception {
        String slow = fresh("slow");
        String waiting = fresh("waiting");
        int before = clerk.seats();
        clerk.hold();
        office.send(slow, TicketOffice.plain(slow));
        until("the clerk is at work", () -> clerk.seats() > before);
        office.send(waiting, TicketOffice.plain(waiting));
        until("one waits", () -> stored(List.of(waiting)) == 1);
        assertThat(health().getStatus()).isEqualTo(Status.UP);
        jdbc.update("update farandole.command set received_at = received_at - interval '5 min' where id = ?", waiting);
        assertThat(health().getStatus()).isEqualTo(Status.DOWN);
        assertThat(health().getDetails())
                .containsEntry("waiting", 2L)
                .doesNotContainKeys("receiving", "carryingOut", "answering");
        clerk.release();
        assertEachBookedOnceAndAnswered(List.of(slow, waiting));
        until("it is healthy again", () -> Status.UP.equals(health().getStatus()));
    }

    @Test
    void nothingIsAcknowledgedThatIsNotStored() throws Exception {
        List<String> seats = fresh("no-database", 200);
        double before = metric("store.failures");
        setDatabaseAway(true);
        try {
            publish(seats);
            until("storing them fails", () -> metric("store.failures") > before);
            assertThat(health().getStatus()).isEqualTo(Status.DOWN);
            commands.stop();
            try (Connection admin = dance.broker().adminConnectionFactory().newConnection()) {
                Channel channel = admin.createChannel();
                until("all are still in the queue", () -> channel.messageCount("booking.commands") == seats.size());
            }
            commands.start();
        } finally {
            setDatabaseAway(false);
        }
        assertEachBookedOnceAndAnswered(seats);
    }

    private static void setDatabaseAway(boolean away) throws Exception {
        try (java.sql.Connection admin = context.database().server().connectAsAdmin("postgres");
                Statement statement = admin.createStatement()) {
            statement.execute("alter database \"" + context.database().name() + "\" with allow_connections " + !away);
        }
        if (away) {
            context.database().terminateSessions();
        }
    }

    @Test
    void twoInstancesShareTheWorkAndOneOfThemDies() throws Exception {
        List<String> seats = fresh("shared", 1_000);
        TcpProxy brokerOfSecond =
                TcpProxy.to(dance.broker().host(), dance.broker().port());
        TcpProxy databaseOfSecond = TcpProxy.to(
                context.database().server().host(), context.database().server().port());
        commands.stop();
        ConfigurableApplicationContext second = secondInstance(brokerOfSecond, databaseOfSecond);
        try {
            // The second one is the queue's active consumer now, and the first one waits to be.
            commands.start();
            int before = clerk.seats();
            publish(seats.subList(0, 500));
            publish(seats.subList(250, 500));
            until("some are carried out", () -> carriedOut(seats) > 100);
            publish(seats.subList(500, 900));
            for (TcpProxy proxy : List.of(brokerOfSecond, databaseOfSecond)) {
                proxy.refuse();
                proxy.cut();
            }
            publish(seats.subList(700, 1_000));
            publish(seats.subList(0, 250));
            assertEachBookedOnceAndAnswered(seats);
            assertThat(second.getBean(Clerk.class).seats()).isPositive();
            assertThat(clerk.seats() - before).isPositive();
        } finally {
            brokerOfSecond.heal();
            databaseOfSecond.heal();
            second.close();
            brokerOfSecond.close();
            databaseOfSecond.close();
        }
    }

    /** As the first one was started, but with connections of its own that can be cut. */
    private static ConfigurableApplicationContext secondInstance(TcpProxy broker, TcpProxy database) {
        List<String> arguments = new ArrayList<>();
        EnumerablePropertySource<?> first = (EnumerablePropertySource<?>) Objects.requireNonNull(
                context.bean(ConfigurableEnvironment.class).getPropertySources().get("commandLineArgs"));
        for (String name : first.getPropertyNames()) {
            arguments.add("--" + name + "="
                    + switch (name) {
                        case "spring.rabbitmq.port" -> broker.port();
                        case "spring.datasource.url" ->
                            "jdbc:postgresql://" + database.host() + ":" + database.port() + "/"
                                    + context.database().name();
                        default -> first.getProperty(name);
                    });
        }
        return new SpringApplicationBuilder(BookingApplication.class)
                .registerShutdownHook(false)
                .run(arguments.toArray(String[]::new));
    }
}
