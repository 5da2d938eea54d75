package io.farandole.participant.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farandole.participant.Branch;
import io.farandole.participant.BranchBarrier;
import io.farandole.participant.Ledger;
import io.farandole.testservers.Patience;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.apache.catalina.Context;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.descriptor.web.FilterDef;
import org.apache.tomcat.util.descriptor.web.FilterMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One transaction per request, whatever the service's handler does in it. */
class BranchFilterIT {

    private static final Logger TOMCAT = Logger.getLogger("org.apache");

    private static Ledger ledger;
    private static Tomcat tomcat;
    private static volatile Handler handler = (request, response) -> {};

    private final AtomicInteger calls = new AtomicInteger();
    private final HttpClient client = HttpClient.newHttpClient();

    @FunctionalInterface
    private interface Handler {
        void handle(HttpServletRequest request, HttpServletResponse response) throws IOException, ServletException;
    }

    @BeforeAll
    static void open(@TempDir Path directory) throws Exception {
        TOMCAT.setLevel(Level.OFF);
        ledger = new Ledger();
        tomcat = new Tomcat();
        tomcat.setBaseDir(directory.toString());
        Connector connector = new Connector();
        connector.setPort(0);
        connector.setProperty("address", "127.0.0.1");
        tomcat.setConnector(connector);
        Context context = tomcat.addContext("/service", null);
        Tomcat.addServlet(context, "existing", new HttpServlet() {
            private static final long serialVersionUID = 1;

            @Override
            protected void service(HttpServletRequest request, HttpServletResponse response)
                    throws IOException, ServletException {
                handler.handle(request, response);
            }
        });
        context.addServletMappingDecoded("/*", "existing");
        FilterDef definition = new FilterDef();
        definition.setFilterName("branches");
        definition.setFilter(new BranchFilter(
                new BranchBarrier(ledger.pool, ledger.transactionManager, Ledger.IMPATIENT),
                "/pay/{globalId}/{branchId}",
                1000));
        context.addFilterDef(definition);
        FilterMap map = new FilterMap();
        map.setFilterName("branches");
        map.addURLPattern("/*");
        context.addFilterMap(map);
        tomcat.start();
    }

    @AfterAll
    static void close() throws Exception {
        tomcat.stop();
        tomcat.destroy();
        ledger.close();
    }

    @BeforeEach
    void anExistingHandler() {
        handler = (request, response) -> {
            calls.incrementAndGet();
            Branch branch = BranchFilter.branchOf(request);
            ledger.book(branch, request.getMethod().equals("POST") ? 100 : -100);
        };
    }

    @AfterEach
    void leaksNoConnection() {
        assertThat(ledger.pool.getHikariPoolMXBean().getActiveConnections()).isZero();
    }

    @Test
    void fillsInWhatAHandlerDoesNotSay() throws Exception {
        Branch branch = Ledger.branch("plain", "1");
        for (int i = 0; i < 2; i++) {
            HttpResponse<String> paid = post(branch, "{}");
            assertThat(paid.statusCode()).isEqualTo(200);
            assertThat(paid.body()).isEqualTo("{\"outcome\":\"COMMITTED\"}");
        }
        for (int i = 0; i < 2; i++) {
            assertThat(delete(branch).body()).isEqualTo("{\"outcome\":\"COMPENSATED\"}");
        }
        assertThat(calls).hasValue(2);
        assertThat(ledger.effects(branch)).isEqualTo("2:0");
    }

    @Test
    void repeatsStatusTypeAndBody() throws Exception {
        Branch branch = Ledger.branch("own", "1");
        handler = (request, response) -> {
            calls.incrementAndGet();
            String body = new String(request.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
            response.setStatus(201);
            response.setContentType("text/plain;charset=UTF-8");
            response.getWriter().print("Grüße, " + body);
            response.flushBuffer();
        };
        for (int i = 0; i < 2; i++) {
            HttpResponse<String> answer = post(branch, "Anna");
            assertThat(answer.statusCode()).isEqualTo(201);
            assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/plain;charset=UTF-8");
            assertThat(answer.body()).isEqualTo("Grüße, Anna");
        }
        assertThat(calls).hasValue(1);
    }

    @Test
    void rollsBackARefusalAndRemembersIt() throws Exception {
        Branch branch = Ledger.branch("refused", "1");
        handler = (request, response) -> {
            calls.incrementAndGet();
            ledger.book(BranchFilter.branchOf(request), 100);
            response.sendError(409, "It is \"closed\"");
        };
        for (int i = 0; i < 2; i++) {
            HttpResponse<String> refused = post(branch, "{}");
            assertThat(refused.statusCode()).isEqualTo(409);
            assertThat(refused.body())
                    .isEqualTo("{\"outcome\":\"REFUSED\",\"reason\":\"STATUS_409\",\"text\":\"It is \\\"closed\\\"\"}");
        }
        assertThat(calls).hasValue(1);
        assertThat(ledger.effects(branch)).isEqualTo("0:0");
    }

    @Test
    void rollsBackAndForgetsEveryOtherStatus() throws Exception {
        for (int status : List.of(302, 400, 401, 404, 429, 500, 503)) {
            Branch branch = Ledger.branch("status", String.valueOf(status));
            handler = (request, response) -> {
                ledger.book(BranchFilter.branchOf(request), 100);
                response.setStatus(status);
                response.getOutputStream().print("no");
            };
            assertThat(post(branch, "{}").statusCode()).isEqualTo(status);
            assertThat(ledger.state(branch)).isEqualTo("unknown");
            assertThat(ledger.effects(branch)).isEqualTo("0:0");
        }
    }

    @Test
    void rollsBackWhateverIsThrownAndSendsNothingOfIt() throws Exception {
        List<Handler> throwing = List.of(
                (request, response) -> {
                    throw new IllegalStateException("boom");
                },
                (request, response) -> {
                    throw new ServletException("boom");
                },
                (request, response) -> {
                    throw new IOException("boom");
                },
                (request, response) -> {
                    throw new StackOverflowError("boom");
                });
        for (int i = 0; i < throwing.size(); i++) {
            Branch branch = Ledger.branch("thrown", String.valueOf(i));
            Handler last = throwing.get(i);
            handler = (request, response) -> {
                ledger.book(BranchFilter.branchOf(request), 100);
                response.setStatus(200);
                response.getWriter().print("{\"outcome\":\"COMMITTED\"}");
                response.flushBuffer();
                last.handle(request, response);
            };
            HttpResponse<String> failed = post(branch, "{}");
            assertThat(failed.statusCode()).isEqualTo(500);
            assertThat(failed.body()).doesNotContain("COMMITTED");
            assertThat(ledger.state(branch)).isEqualTo("unknown");
            assertThat(ledger.effects(branch)).isEqualTo("0:0");
            anExistingHandler();
            assertThat(post(branch, "{}").statusCode()).isEqualTo(200);
            assertThat(ledger.effects(branch)).isEqualTo("1:100");
        }
    }

    @Test
    void answersOnlyAfterTheCommit() throws Exception {
        Branch branch = Ledger.branch("order", "1");
        try (java.sql.Connection admin = ledger.database.connectAsAdmin();
                java.sql.Statement statement = admin.createStatement()) {
            statement.execute(
                    "alter table app.effect add constraint few unique (gid, branch) deferrable initially deferred");
            handler = (request, response) -> {
                ledger.book(BranchFilter.branchOf(request), 100);
                ledger.book(BranchFilter.branchOf(request), 100);
                response.getOutputStream().print("{\"outcome\":\"COMMITTED\"}");
                response.flushBuffer();
            };
            HttpResponse<String> failed = post(branch, "{}");
            statement.execute("alter table app.effect drop constraint few");
            assertThat(failed.statusCode()).isEqualTo(500);
            assertThat(failed.body()).doesNotContain("COMMITTED");
        }
        assertThat(ledger.effects(branch)).isEqualTo("0:0");
    }

    @Test
    void refusesWhatItCannotTake() throws Exception {
        Branch branch = Ledger.branch("limits", "1");
        assertThat(post(branch, "x".repeat(1001)).statusCode()).isEqualTo(413);
        assertThat(send(request("/pay/limits/1")
                                .POST(HttpRequest.BodyPublishers.ofInputStream(
                                        () -> new java.io.ByteArrayInputStream(new byte[5000])))
                                .build())
                        .statusCode())
                .isEqualTo(413);
        assertThat(send(request("/pay/limits/1")
                                .header("Content-Type", "application/x-www-form-urlencoded")
                                .POST(HttpRequest.BodyPublishers.ofString("a=b"))
                                .build())
                        .statusCode())
                .isEqualTo(415);
        HttpResponse<String> bad = send(request("/pay/" + "x".repeat(129) + "/1")
                .POST(HttpRequest.BodyPublishers.noBody())
                .build());
        assertThat(bad.statusCode()).isEqualTo(400);
        assertThat(bad.body()).contains("INVALID_ID").contains("global id must be 1 to 128");
        assertThat(calls).hasValue(0);
        assertThat(ledger.state(branch)).isEqualTo("unknown");
    }

    @Test
    void failsAnAnswerThatIsTooLongAndOneThatIsAsynchronous() throws Exception {
        Branch branch = Ledger.branch("failing", "1");
        handler = (request, response) -> {
            ledger.book(BranchFilter.branchOf(request), 100);
            response.getOutputStream().write(new byte[1025]);
        };
        assertThat(post(branch, "{}").statusCode()).isEqualTo(500);
        handler = (request, response) -> {
            ledger.book(BranchFilter.branchOf(request), 100);
            request.startAsync();
        };
        assertThat(post(branch, "{}").statusCode()).isEqualTo(500);
        assertThat(ledger.effects(branch)).isEqualTo("0:0");
    }

    @Test
    void asksToComeBackWhileTheSameBranchIsUnderWay() throws Exception {
        Branch branch = Ledger.branch("busy", "1");
        CountDownLatch acting = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        handler = (request, response) -> {
            ledger.book(BranchFilter.branchOf(request), 100);
            acting.countDown();
            try {
                assertThat(go.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        };
        CompletableFuture<HttpResponse<String>> first = client.sendAsync(
                request("/pay/busy/1")
                        .POST(HttpRequest.BodyPublishers.ofString("{}"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(acting.await(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
        HttpResponse<String> busy = post(branch, "{}");
        assertThat(busy.statusCode()).isEqualTo(503);
        assertThat(busy.headers().firstValue("Retry-After")).hasValue("1");
        assertThat(busy.body()).contains("\"outcome\":\"UNKNOWN\"").contains("\"reason\":\"BUSY\"");
        go.countDown();
        assertThat(first.get(Patience.SECONDS, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        assertThat(ledger.effects(branch)).isEqualTo("1:100");
    }

    @Test
    void leavesOtherMethodsAndPathsAlone() throws Exception {
        handler = (request, response) -> {
            assertThatThrownBy(() -> BranchFilter.branchOf(request)).hasMessageContaining("has not passed");
            response.getOutputStream().print("as ever");
        };
        assertThat(send(request("/pay/g/1").GET().build()).body()).isEqualTo("as ever");
        assertThat(send(request("/pay/g")
                                .POST(HttpRequest.BodyPublishers.noBody())
                                .build())
                        .body())
                .isEqualTo("as ever");
        assertThat(send(request("/other/g/1").DELETE().build()).body()).isEqualTo("as ever");
    }

    @Test
    void comparesTheQueryToo() throws Exception {
        for (String phase : List.of("try", "try", "other")) {
            HttpResponse<String> answer = send(request("/pay/query/1?phase=" + phase)
                    .POST(HttpRequest.BodyPublishers.ofString("{}"))
                    .build());
            assertThat(answer.statusCode()).isEqualTo(phase.equals("try") ? 200 : 422);
        }
        assertThat(calls).hasValue(1);
    }

    private HttpResponse<String> post(Branch branch, String body) throws Exception {
        return send(request("/pay/" + branch)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build());
    }

    private HttpResponse<String> delete(Branch branch) throws Exception {
        return send(request("/pay/" + branch).DELETE().build());
    }

    private HttpResponse<String> send(HttpRequest request) throws Exception {
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + tomcat.getConnector().getLocalPort() + "/service" + path))
                .timeout(Duration.ofSeconds(30));
    }
}
