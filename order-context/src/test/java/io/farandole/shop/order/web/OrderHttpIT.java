package io.farandole.shop.order.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.shop.order.OrderApplication;
import io.farandole.shop.order.ordering.OrderCommand.CancelOrder;
import io.farandole.shop.order.ordering.OrderCommand.ConfirmOrder;
import io.farandole.shop.order.ordering.OrderCommand.EndWaiting;
import io.farandole.shop.order.ordering.OrderCommand.FulfilOrder;
import io.farandole.shop.order.ordering.OrderCommand.NoteWaiting;
import io.farandole.shop.order.ordering.OrderCommand.RevokeOrder;
import io.farandole.testkit.Dance;
import io.farandole.testkit.Dancer;
import io.farandole.testkit.JournalLine;
import io.farandole.testkit.RunningContext;
import io.farandole.testservers.Patience;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.jdbc.core.JdbcTemplate;

/** The order service over HTTP, on a real database; the broker is away, as it may be. */
@ExtendWith(OutputCaptureExtension.class)
class OrderHttpIT {

    private static final String ORDER = order("9.90", "EUR", 2);

    private static Dance dance;
    private static RunningContext context;
    private static Http http;

    @BeforeAll
    static void starts() {
        dance = Dance.of(Dancer.of("order", OrderApplication.class)
                .with("farandole.rabbitmq.enabled", "false")
                .with("farandole.web.max-waiting", "60")
                .with("farandole.web.max-behind", "2000")
                .with("shop.order.feed.max-clients", "3"));
        context = dance.context("order");
        http = new Http(context.port());
    }

    @AfterAll
    static void stops() {
        dance.close();
    }

    @Test
    void anOrderIsThereToBeReadAsSoonAsItIsAccepted() {
        for (int i = 0; i < 20; i++) {
            Http.Answer accepted = http.post("/orders", ORDER);
            assertThat(accepted.status()).isEqualTo(202);
            String orderId = accepted.text("orderId");
            assertThat(accepted.header("Location")).isEqualTo("/orders/" + orderId);
            assertThat(accepted.text("status")).isEqualTo("PENDING");
            Http.Answer read = http.get("/orders/" + orderId);
            assertThat(read.status()).isEqualTo(200);
            assertThat(read.text("status")).isEqualTo("PENDING");
            assertThat(read.json().at("/total/amount").asString()).isEqualTo("19.80");
            assertThat(read.json().at("/total/currency").asString()).isEqualTo("EUR");
            assertThat(read.json().at("/lines/0/unitPrice/amount").asString()).isEqualTo("9.90");
            assertThat(read.json().at("/lines/0/quantity").asLong()).isEqualTo(2);
            assertThat(read.text("placedAt")).matches("\\d{4}-.*Z");
        }
    }

    @Test
    void thatAnOrderWaitsIsToldWhileItDoes() {
        Http.Answer accepted = http.post("/orders", waiting("\"PT10M\""));
        assertThat(accepted.status()).isEqualTo(202);
        String orderId = accepted.text("orderId");
        assertThat(http.get("/orders/" + orderId).json().has("waitingUntil")).isFalse();
        context.send(new NoteWaiting(orderId, Instant.parse("2026-11-22T12:10:00Z")));
        assertThat(http.get("/orders/" + orderId).text("waitingUntil")).isEqualTo("2026-11-22T12:10:00Z");
        context.send(new EndWaiting(orderId));
        assertThat(http.get("/orders/" + orderId).json().has("waitingUntil")).isFalse();
    }

    @Test
    void thePaymentTokenIsNeverTold() {
        String orderId = place();
        assertThat(http.get("/orders/" + orderId).body()).doesNotContain("tok_ok");
        assertThat(http.get("/orders").body()).doesNotContain("tok_ok");
        List<JournalLine> withToken = context.journalOf(orderId).stream()
                .filter(line -> line.payload().contains("tok_ok"))
                .toList();
        assertThat(withToken).extracting(JournalLine::wireType).containsOnly("order.payment-requested.v1");
    }

    @Test
    void whatIsNotThereIsNotFound() {
        for (Http.Answer answer : List.of(
                http.get("/orders/none"),
                http.get("/orders/none/events"),
                http.post("/orders/none/cancel", ""),
                http.get("/nothing/here"))) {
            assertProblem(answer, 404);
        }
        assertProblem(http.send(http.request("/orders").DELETE()), 405);
    }

    static Stream<Arguments> badOrders() {
        String line = line("9.90", "EUR", "1");
        return Stream.of(
                Arguments.of("bad JSON", "{\"customerId\":"),
                Arguments.of("no JSON", "hello"),
                Arguments.of("nothing", ""),
                Arguments.of("null", "null"),
                Arguments.of("a list", "[]"),
                Arguments.of("no fields", "{}"),
                Arguments.of("no lines", body("c-1", "")),
                Arguments.of("a null line", body("c-1", "null")),
                Arguments.of("10,000 lines", body("c-1", String.join(",", Collections.nCopies(400, line)))),
                Arguments.of("101 lines", body("c-1", String.join(",", Collections.nCopies(101, line)))),
                Arguments.of("zero pieces", body("c-1", line("9.90", "EUR", "0"))),
                Arguments.of("minus one piece", body("c-1", line("9.90", "EUR", "-1"))),
                Arguments.of("too many pieces", body("c-1", line("9.90", "EUR", "1000001"))),
                Arguments.of("more pieces than a long", body("c-1", line("9.90", "EUR", "99999999999999999999"))),
                Arguments.of("half a piece", body("c-1", line("9.90", "EUR", "1.5"))),
                Arguments.of("pieces as text", body("c-1", line("9.90", "EUR", "\"1\""))),
                Arguments.of("pieces as a list", body("c-1", line("9.90", "EUR", "[1]"))),
                Arguments.of("an unknown currency", body("c-1", line("9.90", "XYZ", "1"))),
                Arguments.of("no money", body("c-1", line("9.90", "XXX", "1"))),
                Arguments.of("a small currency", body("c-1", line("9.90", "eur", "1"))),
                Arguments.of("mixed currencies", body("c-1", line + "," + line("1", "USD", "1"))),
                Arguments.of("too exact a price", body("c-1", line("9.999", "EUR", "1"))),
                Arguments.of("no price", body("c-1", line("0", "EUR", "1"))),
                Arguments.of("a negative price", body("c-1", line("-1", "EUR", "1"))),
                Arguments.of("a huge price", body("c-1", line("1E+400000000", "EUR", "1"))),
                Arguments.of("a price that is none", body("c-1", line("cheap", "EUR", "1"))),
                Arguments.of("a huge total", body("c-1", line("9999999999", "EUR", "1000000"))),
                Arguments.of("an overlong customer", body("c".repeat(101), line)),
                Arguments.of("an empty customer", body("", line)),
                Arguments.of("a customer with a control character", body("c\\u0000", line)),
                Arguments.of("an overlong product", body("c-1", line.replace("p-1", "p".repeat(101)))),
                Arguments.of("an overlong token", body("c-1", line).replace("tok_ok", "t".repeat(201))),
                Arguments.of("a wait of nothing", waiting("\"PT0.5S\"")),
                Arguments.of("a wait of a month and a day", waiting("\"P31D\"")),
                Arguments.of("a wait into the past", waiting("\"-PT10M\"")),
                Arguments.of("a wait in words", waiting("\"a while\"")),
                Arguments.of("a wait for ever", waiting("1E+400000000")),
                Arguments.of("deep nesting", "[".repeat(2000)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("badOrders")
    void aBadOrderIsAProblemAndLeavesNoTrace(String what, String body) {
        long before = head();
        Http.Answer answer = http.post("/orders", body, "Idempotency-Key", "bad-" + what.hashCode());
        assertProblem(answer, 400);
        assertThat(head()).isEqualTo(before);
    }

    @Test
    void aBodyBeyondTheLimitIsAProblemAndLeavesNoTrace() {
        long before = head();
        String tenMegabytes = body("c-1", "\"" + "x".repeat(10 << 20) + "\"");
        assertProblem(http.post("/orders", tenMegabytes), 413);
        // The same without a length.
        assertProblem(
                http.send(http.request("/orders")
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.fromPublisher(
                                HttpRequest.BodyPublishers.ofString(tenMegabytes.substring(0, 1 << 20))))),
                413);
        String tenThousandLines = body("c-1", String.join(",", Collections.nCopies(10_000, line("1", "EUR", "1"))));
        assertProblem(http.post("/orders", tenThousandLines), 413);
        assertThat(head()).isEqualTo(before);
    }

    @Test
    void whatTomcatRefusesIsAProblemToo() throws IOException {
        for (String target : List.of("/orders/%zz", "/orders/a%2Fb", "/orders/{x}", "/orders/a\\b")) {
            String answer = http.raw("GET " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            assertThat(answer).as(target).startsWith("HTTP/1.1 400");
            assertThat(answer).as(target).contains("application/problem+json").contains("\"status\":400");
            assertThat(answer).as(target).doesNotContain("<html").doesNotContain("Tomcat");
        }
    }

    @Test
    void theClientsTraceIsHandedOn() {
        String trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        String traced = http.post("/orders", ORDER, "traceparent", trace).text("orderId");
        String untraced = http.post("/orders", ORDER, "traceparent", "00-" + "0".repeat(32) + "-00f067aa0ba902b7-01")
                .text("orderId");
        assertThat(traces(traced)).containsExactly(trace);
        assertThat(traces(untraced)).containsOnlyNulls();
    }

    private static List<String> traces(String orderId) {
        return jdbc().queryForList(
                        "select distinct traceparent from farandole.journal where process_key = ?",
                        String.class,
                        orderId);
    }

    @Test
    void anotherMediaTypeIsAProblem() {
        assertProblem(
                http.send(http.request("/orders")
                        .header("Content-Type", "text/plain")
                        .POST(HttpRequest.BodyPublishers.ofString(ORDER))),
                415);
    }

    @Test
    void theSameKeyIsTheSameOrder() {
        String key = "key-" + System.nanoTime();
        Http.Answer first = http.post("/orders", ORDER, "Idempotency-Key", key);
        long head = head();
        Http.Answer again = http.post("/orders", ORDER, "Idempotency-Key", key);
        Http.Answer spaced = http.post("/orders", ORDER.replace(",", " ,\n"), "Idempotency-Key", key);
        assertThat(again.status()).isEqualTo(202);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(again.header("Location")).isEqualTo(first.header("Location"));
        assertThat(again.header("Content-Type")).isEqualTo(first.header("Content-Type"));
        assertThat(spaced.body()).isEqualTo(first.body());
        assertThat(head()).isEqualTo(head);
    }

    @Test
    void theSameKeyWithAnotherBodyIsAConflict() {
        String key = "key-" + System.nanoTime();
        http.post("/orders", ORDER, "Idempotency-Key", key);
        long head = head();
        assertProblem(http.post("/orders", order("9.91", "EUR", 2), "Idempotency-Key", key), 409);
        assertThat(head()).isEqualTo(head);
    }

    @Test
    void aKeyThatIsNoneIsAProblem() {
        assertProblem(http.post("/orders", ORDER, "Idempotency-Key", "x".repeat(201)), 400);
        assertProblem(http.post("/orders", ORDER, "Idempotency-Key", ""), 400);
    }

    @Test
    void whatWasRefusedIsNotRemembered() {
        String key = "key-" + System.nanoTime();
        assertProblem(http.post("/orders", body("c-1", ""), "Idempotency-Key", key), 400);
        assertThat(http.post("/orders", ORDER, "Idempotency-Key", key).status()).isEqualTo(202);
    }

    @Test
    void ofManyAtOnceWithOneKeyOneIsCarriedOut() throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(16);
        try {
            for (int round = 0; round < 5; round++) {
                String key = "race-" + round + "-" + System.nanoTime();
                CountDownLatch go = new CountDownLatch(1);
                List<Future<Http.Answer>> answers = IntStream.range(0, 16)
                        .mapToObj(i -> clients.submit(() -> {
                            assertThat(go.await(Patience.SECONDS, TimeUnit.SECONDS))
                                    .isTrue();
                            return http.post("/orders", ORDER, "Idempotency-Key", key);
                        }))
                        .toList();
                long before = ordersPlaced();
                go.countDown();
                Set<String> orders = new LinkedHashSet<>();
                for (Future<Http.Answer> answer : answers) {
                    Http.Answer got = answer.get(Patience.SECONDS, TimeUnit.SECONDS);
                    assertThat(got.status()).isIn(202, 409);
                    if (got.status() == 202) {
                        orders.add(got.text("orderId"));
                    }
                }
                assertThat(orders).hasSize(1);
                assertThat(ordersPlaced()).isEqualTo(before + 1);
            }
        } finally {
            clients.shutdownNow();
        }
    }

    /** Requests that come together share transactions, and one that fails, or asks for something else, troubles no other. */
    @Test
    void ofManyAtOnceEachIsAnsweredAsIfItHadComeAlone() throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(48);
        try {
            CountDownLatch go = new CountDownLatch(1);
            List<Future<Http.Answer>> answers = IntStream.range(0, 480)
                    .mapToObj(i -> clients.submit(() -> {
                        assertThat(go.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
                        String trace = String.format("00-4bf92f3577b34da6a3ce9200%08x-00f067aa0ba902b7-01", i);
                        return i % 40 == 7
                                ? http.post("/orders/none-" + i + "/cancel", "")
                                : http.post("/orders", ORDER, "traceparent", trace, "Idempotency-Key", "many-" + i);
                    }))
                    .toList();
            long before = ordersPlaced();
            go.countDown();
            Set<String> orders = new LinkedHashSet<>();
            for (int i = 0; i < answers.size(); i++) {
                Http.Answer got = answers.get(i).get(Patience.SECONDS, TimeUnit.SECONDS);
                if (i % 40 == 7) {
                    assertProblem(got, 404);
                    assertThat(got.body()).contains("none-" + i);
                } else {
                    assertThat(got.status()).isEqualTo(202);
                    assertThat(orders.add(got.text("orderId"))).isTrue();
                    assertThat(traces(got.text("orderId")))
                            .containsExactly(String.format("00-4bf92f3577b34da6a3ce9200%08x-00f067aa0ba902b7-01", i));
                }
            }
            assertThat(ordersPlaced()).isEqualTo(before + 468);
            assertThat(orders).hasSize(468);
            Long transactions = jdbc().queryForObject(
                            "select count(distinct xmin::text) from farandole.idempotency where key like 'many-%'",
                            Long.class);
            assertThat(transactions).as("transactions of 468 orders").isLessThan(400);
        } finally {
            clients.shutdownNow();
        }
    }

    /** Two transactions are under way and stand still, 60 wait, the others are sent away; nobody who was let in is lost. */
    @Test
    void whoFindsTooManyWaitingIsRefusedAtOnceAndTheOthersAreServed() throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(80);
        try (Connection admin = context.database().connectAsAdmin();
                Statement statement = admin.createStatement()) {
            String read = place();
            long before = ordersPlaced();
            admin.setAutoCommit(false);
            statement.execute("lock table app.order_status in share mode");
            List<Future<Http.Answer>> answers = IntStream.range(0, 80)
                    .mapToObj(i -> clients.submit(() -> http.post("/orders", ORDER)))
                    .toList();
            Patience.await().until(() -> answers.stream().filter(Future::isDone).count() == 18);
            assertThat(http.get("/orders/" + read).status()).isEqualTo(200);
            admin.rollback();
            int accepted = 0;
            for (Future<Http.Answer> answer : answers) {
                Http.Answer got = answer.get(Patience.SECONDS, TimeUnit.SECONDS);
                if (got.status() == 202) {
                    accepted++;
                } else {
                    assertProblem(got, 503);
                    assertThat(got.header("Retry-After")).isEqualTo("1");
                }
            }
            assertThat(accepted).isEqualTo(62);
            assertThat(ordersPlaced()).isEqualTo(before + 62);
        } finally {
            clients.shutdownNow();
        }
    }

    /** Sagas stand still: orders are taken until too much waits for them, then refused, and taken again once they have caught up. */
    @Test
    void ordersAreRefusedWhileSagasAreFarBehindAndTakenAgainAfterwards() throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(24);
        try (Connection admin = context.database().connectAsAdmin();
                Statement statement = admin.createStatement()) {
            String read = place();
            long before = ordersPlaced();
            admin.setAutoCommit(false);
            statement.execute("lock table farandole.saga in share mode");
            AtomicInteger accepted = new AtomicInteger();
            AtomicReference<Http.Answer> refused = new AtomicReference<>();
            List<Future<?>> ends = IntStream.range(0, 24)
                    .<Future<?>>mapToObj(i -> clients.submit(() -> {
                        for (int tries = 0; tries < 400 && refused.get() == null; tries++) {
                            Http.Answer answer = http.post("/orders", ORDER);
                            if (answer.status() == 202) {
                                accepted.incrementAndGet();
                            } else {
                                refused.set(answer);
                            }
                        }
                    }))
                    .toList();
            for (Future<?> end : ends) {
                end.get(Patience.SECONDS, TimeUnit.SECONDS);
            }
            Http.Answer refusal = Objects.requireNonNull(refused.get(), "nobody was refused");
            assertProblem(refusal, 503);
            assertThat(refusal.header("Retry-After")).isEqualTo("5");
            assertThat(refusal.body()).contains("More than 2000 events");
            assertThat(http.get("/orders/" + read).status()).isEqualTo(200);
            assertThat(http.get("/actuator/health").body()).contains("UP");
            assertThat(ordersPlaced()).isEqualTo(before + accepted.get()).isGreaterThan(before + 500);
            admin.rollback();
            Patience.await().until(() -> http.post("/orders", ORDER).status() == 202);
        } finally {
            clients.shutdownNow();
        }
    }

    @Test
    void aKeyWhoseRequestIsUnderWayElsewhereIsToldSo() throws Exception {
        String key = "busy-" + System.nanoTime();
        try (Connection other = context.database().connectAsAdmin()) {
            other.setAutoCommit(false);
            try (PreparedStatement insert = other.prepareStatement(
                    "insert into farandole.idempotency (scope, key, request_hash, status, headers)"
                            + " values ('/orders', ?, 'x', 202, '{}')")) {
                insert.setString(1, key);
                insert.executeUpdate();
            }
            long before = head();
            Http.Answer busy = http.post("/orders", ORDER, "Idempotency-Key", key);
            assertProblem(busy, 409);
            assertThat(busy.header("Retry-After")).isEqualTo("1");
            assertThat(head()).isEqualTo(before);
            other.rollback();
        }
        assertThat(http.post("/orders", ORDER, "Idempotency-Key", key).status()).isEqualTo(202);
    }

    @Test
    void whatCannotBeCommittedLeavesNothingNorAnyValueInTheLog(CapturedOutput output) throws Exception {
        String key = "poison-" + System.nanoTime();
        String poison = ORDER.replace("c-1", "poison");
        try (Connection admin = context.database().connectAsAdmin();
                Statement statement = admin.createStatement()) {
            statement.execute("alter table app.order_status add constraint no_poison check (customer_id <> 'poison')");
            try {
                long before = head();
                Http.Answer failed = http.post("/orders", poison, "Idempotency-Key", key);
                assertProblem(failed, 500);
                assertThat(failed.text("incident")).isNotEmpty();
                assertThat(head()).isEqualTo(before);
                assertThat(jdbc().queryForObject(
                                        "select count(*) from farandole.idempotency where key = ?", Long.class, key))
                        .isZero();
            } finally {
                statement.execute("alter table app.order_status drop constraint no_poison");
            }
        }
        assertThat(output.getAll()).contains("no_poison").doesNotContain("('poison')");
        Http.Answer healed = http.post("/orders", poison, "Idempotency-Key", key);
        assertThat(healed.status()).isEqualTo(202);
        assertThat(http.get("/orders/" + healed.text("orderId")).status()).isEqualTo(200);
    }

    @Test
    void cancellingAPendingOrderCancelsItOnce() {
        String orderId = place();
        Http.Answer cancelled = http.post("/orders/" + orderId + "/cancel", "", "Idempotency-Key", "c-" + orderId);
        assertThat(cancelled.status()).isEqualTo(202);
        assertThat(cancelled.text("status")).isEqualTo("CANCELLED");
        assertThat(http.post("/orders/" + orderId + "/cancel", "").status()).isEqualTo(202);
        assertThat(http.post("/orders/" + orderId + "/cancel", "", "Idempotency-Key", "c-" + orderId)
                        .body())
                .isEqualTo(cancelled.body());
        Http.Answer read = http.get("/orders/" + orderId);
        assertThat(read.text("status")).isEqualTo("CANCELLED");
        assertThat(read.text("reason")).isEqualTo("cancelled-by-customer");
        assertThat(context.journalOf(orderId))
                .filteredOn(line -> "order.order-cancelled.v1".equals(line.wireType()))
                .hasSize(1);
    }

    @Test
    void cancellingAfterTheSaleIsAReturn() {
        String orderId = place();
        context.send(new ConfirmOrder(orderId));
        Http.Answer waiting = http.post("/orders/" + orderId + "/cancel", "");
        assertThat(waiting.text("status")).isEqualTo("CONFIRMED");
        context.send(new FulfilOrder(orderId));
        assertThat(http.get("/orders/" + orderId).text("status")).isEqualTo("RETURNED");
        assertThat(context.journalOf(orderId + "-return"))
                .extracting(JournalLine::wireType)
                .containsOnlyOnce("order.order-returned.v1");
    }

    @Test
    void cancellingAndConfirmingAtOnceHasOneOutcome() throws Exception {
        ExecutorService both = Executors.newFixedThreadPool(2);
        try {
            for (int i = 0; i < 10; i++) {
                String orderId = place();
                Future<?> confirms = both.submit(() -> context.send(new ConfirmOrder(orderId)));
                Future<Http.Answer> cancels = both.submit(() -> http.post("/orders/" + orderId + "/cancel", ""));
                confirms.get(Patience.SECONDS, TimeUnit.SECONDS);
                assertThat(cancels.get(Patience.SECONDS, TimeUnit.SECONDS).status())
                        .isEqualTo(202);
                List<String> outcomes = context.journalOf(orderId).stream()
                        .map(JournalLine::type)
                        .filter(Set.of("order.confirmed", "order.cancelled")::contains)
                        .toList();
                assertThat(outcomes).hasSize(1);
            }
        } finally {
            both.shutdownNow();
        }
    }

    @Test
    void ordersArePagedNewestFirst() {
        List<String> placed = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            placed.add(0, place());
        }
        context.send(new CancelOrder(placed.get(0), "declined"));
        List<String> read = new ArrayList<>();
        String after = null;
        do {
            Http.Answer page = http.get("/orders?limit=2" + (after == null ? "" : "&after=" + after));
            assertThat(page.json().path("orders").size()).isLessThanOrEqualTo(2);
            page.json()
                    .path("orders")
                    .forEach(order -> read.add(order.path("orderId").asString()));
            after = page.json().has("next") ? page.text("next") : null;
        } while (after != null && read.size() < 1000);
        assertThat(read).doesNotHaveDuplicates().containsSubsequence(placed);
        assertThat(read.subList(0, 5)).isEqualTo(placed);
        Http.Answer cancelled = http.get("/orders?status=CANCELLED&limit=1");
        assertThat(cancelled.json().at("/orders/0/orderId").asString()).isEqualTo(placed.get(0));
        assertProblem(http.get("/orders?limit=0"), 400);
        assertProblem(http.get("/orders?limit=201"), 400);
        assertProblem(http.get("/orders?status=LOST"), 400);
        assertProblem(http.get("/orders?after=none"), 400);
    }

    @Test
    void statusChangesAreStreamed() throws Exception {
        String orderId = place();
        CompletableFuture<HttpResponse<Stream<String>>> stream = http.client()
                .sendAsync(http.request("/orders/" + orderId + "/events").build(), HttpResponse.BodyHandlers.ofLines());
        List<String> lines = Collections.synchronizedList(new ArrayList<>());
        HttpResponse<Stream<String>> response = stream.get(Patience.SECONDS, TimeUnit.SECONDS);
        assertThat(response.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/event-stream"));
        CompletableFuture<Void> reader =
                CompletableFuture.runAsync(() -> response.body().forEach(lines::add));
        awaitLine(lines, "PENDING");
        context.send(new ConfirmOrder(orderId));
        awaitLine(lines, "CONFIRMED");
        context.send(new RevokeOrder(orderId, "capture-failed"));
        awaitLine(lines, "capture-failed");
        reader.get(Patience.SECONDS, TimeUnit.SECONDS);
        assertThat(lines.stream().filter("event:status"::equals)).hasSize(3);
    }

    @Test
    void clientsOfTheStreamAreBounded() throws Exception {
        String orderId = place();
        List<HttpResponse<Stream<String>>> open = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            open.add(http.client()
                    .send(http.request("/orders/" + orderId + "/events").build(), HttpResponse.BodyHandlers.ofLines()));
        }
        Http.Answer refused = http.get("/orders/" + orderId + "/events");
        assertProblem(refused, 503);
        assertThat(refused.header("Retry-After")).isNotEmpty();
        http.post("/orders/" + orderId + "/cancel", "");
        open.forEach(response -> assertThat(response.body().toList()).isNotEmpty());
        Patience.await().untilAsserted(() -> assertThat(
                        http.get("/orders/" + orderId + "/events").status())
                .isEqualTo(200));
    }

    @Test
    void theApiIsDescribed() {
        Http.Answer document = http.get("/v3/api-docs");
        assertThat(document.status()).isEqualTo(200);
        assertThat(document.json().path("paths").propertyNames())
                .contains("/orders", "/orders/{orderId}", "/orders/{orderId}/cancel", "/orders/{orderId}/events");
    }

    private static void awaitLine(List<String> lines, String part) {
        Patience.await().until(() -> List.copyOf(lines).stream().anyMatch(line -> line.contains(part)));
    }

    private static void assertProblem(Http.Answer answer, int status) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(status);
        assertThat(answer.header("Content-Type")).startsWith("application/problem+json");
        assertThat(answer.json().path("status").asInt()).isEqualTo(status);
        assertThat(answer.text("title")).isNotEmpty();
        assertThat(answer.body()).doesNotContain("io.farandole").doesNotContain("Exception");
    }

    private static String place() {
        return http.post("/orders", ORDER).text("orderId");
    }

    private static long head() {
        Long head = jdbc().queryForObject("select count(*) from farandole.journal", Long.class);
        return head == null ? 0 : head;
    }

    private static long ordersPlaced() {
        Long orders = jdbc().queryForObject("select count(*) from app.order_status", Long.class);
        return orders == null ? 0 : orders;
    }

    private static JdbcTemplate jdbc() {
        return new JdbcTemplate(context.database().appDataSource());
    }

    private static String order(String amount, String currency, int quantity) {
        return body("c-1", line(amount, currency, Integer.toString(quantity)));
    }

    private static String line(String amount, String currency, String quantity) {
        return "{\"productId\":\"p-1\",\"quantity\":" + quantity + ",\"unitPrice\":{\"amount\":\"" + amount
                + "\",\"currency\":\"" + currency + "\"}}";
    }

    private static String body(String customer, String lines) {
        return "{\"customerId\":\"" + customer + "\",\"paymentToken\":\"tok_ok\",\"lines\":[" + lines + "]}";
    }

    private static String waiting(String upTo) {
        return body("c-1", line("9.90", "EUR", "1")).replace("\"lines\"", "\"waitUpTo\":" + upTo + ",\"lines\"");
    }
}
