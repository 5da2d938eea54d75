package io.farandole.banks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.farandole.participant.grpc.v1.BranchGrpc;
import io.farandole.participant.grpc.v1.BranchReply;
import io.farandole.participant.grpc.v1.CommitRequest;
import io.farandole.participant.grpc.v1.CompensateRequest;
import io.farandole.participant.grpc.v1.Outcome;
import io.farandole.testservers.Patience;
import io.farandole.testservers.PostgresServer;
import io.farandole.testservers.TestDatabase;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The same wire over gRPC. */
class BanksGrpcIT {

    private static TestDatabase database;
    private static StandInBanks banks;
    private static ManagedChannel channel;

    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeAll
    static void open() {
        database = PostgresServer.shared().createDatabase("banks");
        banks = StandInBanks.start(BanksSettings.of(
                        database.url(),
                        database.appUser(),
                        database.appPassword(),
                        database.migratorUser(),
                        database.migratorPassword())
                .withSlowness(Duration.ofMillis(300))
                .withGrpc(0, "rhine"));
        channel = NettyChannelBuilder.forAddress("127.0.0.1", banks.grpcPort())
                .usePlaintext()
                .build();
    }

    @AfterAll
    static void close() throws InterruptedException {
        channel.shutdownNow();
        assertThat(channel.awaitTermination(Patience.SECONDS, TimeUnit.SECONDS)).isTrue();
        banks.close();
        database.close();
    }

    @AfterEach
    void booksBalance() {
        assertThat(banks.ledger("rhine")).containsEntry("balanced", true);
    }

    @Test
    void paysOnceAndTakesBackOnce() throws Exception {
        account("NL-1");
        for (int i = 0; i < 3; i++) {
            assertThat(pay("g1", "1", "NL-1", 100).getOutcome()).isEqualTo(Outcome.COMMITTED);
        }
        assertThat(show("NL-1")).contains("\"balance\":100");
        for (int i = 0; i < 3; i++) {
            assertThat(takeBack("g1", "1").getOutcome()).isEqualTo(Outcome.COMPENSATED);
        }
        BranchReply late = pay("g1", "1", "NL-1", 100);
        assertThat(late.getOutcome()).isEqualTo(Outcome.REFUSED);
        assertThat(late.getReason()).isEqualTo("COMPENSATED_BEFORE");
        assertThat(show("NL-1")).contains("\"balance\":0");
    }

    @Test
    void compensatesWhatNeverCame() throws Exception {
        account("NL-2");
        assertThat(takeBack("g2", "1").getOutcome()).isEqualTo(Outcome.COMPENSATED);
        assertThat(pay("g2", "1", "NL-2", 100).getReason()).isEqualTo("COMPENSATED_BEFORE");
        assertThat(show("NL-2")).contains("\"balance\":0");
    }

    @Test
    void neverCarriesOutAnotherPayloadUnderTheSameIds() throws Exception {
        account("NL-3");
        pay("g3", "1", "NL-3", 100);
        BranchReply other = pay("g3", "1", "NL-3", 200);
        assertThat(other.getOutcome()).isEqualTo(Outcome.REFUSED);
        assertThat(other.getReason()).isEqualTo("INVALID");
        assertThat(show("NL-3")).contains("\"balance\":100");
    }

    @ParameterizedTest
    @CsvSource({"unknown-1, UNKNOWN_ACCOUNT", "refuse-1, REFUSED_BY_BANK", "'', INVALID"})
    void refusesWithAReasonAndSaysSoAgain(String account, String reason) {
        for (int i = 0; i < 2; i++) {
            BranchReply refused = pay("g4", "b" + account, account, 100);
            assertThat(refused.getOutcome()).isEqualTo(Outcome.REFUSED);
            assertThat(refused.getReason()).isEqualTo(reason);
            assertThat(refused.getText()).isNotEmpty();
        }
    }

    @Test
    void tellsTheShortfallInThePayload() throws Exception {
        account("spend-1");
        pay("g5", "1", "spend-1", 101);
        BranchReply refused = takeBack("g5", "1");
        assertThat(refused.getOutcome()).isEqualTo(Outcome.REFUSED);
        assertThat(refused.getReason()).isEqualTo("INSUFFICIENT_FUNDS");
        assertThat(refused.getPayload().toStringUtf8()).contains("\"shortfall\":51");
    }

    @Test
    void losesDelaysAndGarblesRepliesAndGivesThemWhenAskedAgain() throws Exception {
        account("die-1");
        assertStatus(Status.Code.UNAVAILABLE, () -> pay("g6", "1", "die-1", 100));
        assertThat(show("die-1")).contains("\"balance\":100");
        assertThat(pay("g6", "1", "die-1", 100).getOutcome()).isEqualTo(Outcome.COMMITTED);
        account("garble-1");
        assertThat(pay("g6", "2", "garble-1", 100).getOutcome()).isEqualTo(Outcome.OUTCOME_UNSPECIFIED);
        assertThat(pay("g6", "2", "garble-1", 100).getOutcome()).isEqualTo(Outcome.COMMITTED);
        account("nonsense-1");
        assertThat(pay("g6", "3", "nonsense-1", 100).getOutcome()).isEqualTo(Outcome.OUTCOME_UNSPECIFIED);
        assertThat(show("nonsense-1")).contains("\"balance\":0");
        account("slow-1");
        assertThat(pay("g6", "4", "slow-1", 100).getOutcome()).isEqualTo(Outcome.COMMITTED);
        account("flaky-1");
        assertStatus(Status.Code.UNAVAILABLE, () -> pay("g6", "5", "flaky-1", 100));
        assertThat(pay("g6", "5", "flaky-1", 100).getOutcome()).isEqualTo(Outcome.COMMITTED);
        account("down-1");
        assertStatus(Status.Code.UNAVAILABLE, () -> pay("g6", "6", "down-1", 100));
        assertThat(takeBack("g6", "6").getOutcome()).isEqualTo(Outcome.COMPENSATED);
    }

    @Test
    void refusesIdsThatAreNone() {
        assertStatus(Status.Code.INVALID_ARGUMENT, () -> pay("", "1", "NL-1", 100));
        assertStatus(Status.Code.INVALID_ARGUMENT, () -> pay("a/b", "1", "NL-1", 100));
        assertStatus(Status.Code.INVALID_ARGUMENT, () -> takeBack("g7", "x".repeat(129)));
    }

    @Test
    void hasOneEffectForManyAtOnce() throws Exception {
        account("NL-8");
        List<CompletableFuture<BranchReply>> replies = IntStream.range(0, 24)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> pay("g8", "1", "NL-8", 100)))
                .toList();
        assertThat(replies).allSatisfy(it -> assertThat(it.join().getOutcome()).isEqualTo(Outcome.COMMITTED));
        assertThat(show("NL-8")).contains("\"balance\":100");
    }

    @Test
    void sharesItsMemoryWithHttp() throws Exception {
        account("NL-9");
        pay("g9", "1", "NL-9", 100);
        HttpResponse<String> again = send(request("/payroll/g9/1")
                .POST(HttpRequest.BodyPublishers.ofString(body("NL-9", 100)))
                .build());
        assertThat(again.body()).isEqualTo("{\"outcome\":\"COMMITTED\"}");
        HttpResponse<String> back = send(request("/payroll/g9/1").DELETE().build());
        assertThat(back.body()).isEqualTo("{\"outcome\":\"COMPENSATED\"}");
        assertThat(takeBack("g9", "1").getOutcome()).isEqualTo(Outcome.COMPENSATED);
        assertThat(pay("g9", "1", "NL-9", 100).getReason()).isEqualTo("COMPENSATED_BEFORE");
        assertThat(show("NL-9")).contains("\"balance\":0");
    }

    private static BranchGrpc.BranchBlockingStub stub() {
        return BranchGrpc.newBlockingStub(channel).withDeadlineAfter(30, TimeUnit.SECONDS);
    }

    private static BranchReply pay(String globalId, String branchId, String account, long amount) {
        return stub().commit(CommitRequest.newBuilder()
                .setGlobalId(globalId)
                .setBranchId(branchId)
                .setContentType("application/json")
                .setPayload(ByteString.copyFromUtf8(body(account, amount)))
                .build());
    }

    private static BranchReply takeBack(String globalId, String branchId) {
        return stub().compensate(CompensateRequest.newBuilder()
                .setGlobalId(globalId)
                .setBranchId(branchId)
                .build());
    }

    private static void assertStatus(Status.Code code, Runnable call) {
        assertThatThrownBy(call::run).isInstanceOfSatisfying(StatusRuntimeException.class, failed -> assertThat(
                        failed.getStatus().getCode())
                .isEqualTo(code));
    }

    private static String body(String account, long amount) {
        return "{\"account\":\"" + account + "\",\"amount\":" + amount + ",\"currency\":\"EUR\"}";
    }

    private void account(String number) throws Exception {
        HttpResponse<String> opened = send(request("/accounts")
                .POST(HttpRequest.BodyPublishers.ofString(
                        "{\"account\":\"" + number + "\",\"currency\":\"EUR\",\"balance\":0}"))
                .build());
        assertThat(opened.statusCode()).isEqualTo(200);
    }

    private String show(String account) throws Exception {
        return send(request("/accounts/" + account).GET().build()).body();
    }

    private HttpResponse<String> send(HttpRequest request) throws Exception {
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(banks.uri("rhine") + path)).timeout(Duration.ofSeconds(30));
    }
}
