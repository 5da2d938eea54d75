package io.farandole.banks;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.farandole.participant.grpc.v1.BranchGrpc;
import io.farandole.participant.grpc.v1.BranchReply;
import io.farandole.participant.grpc.v1.CommitRequest;
import io.farandole.participant.grpc.v1.CompensateRequest;
import io.farandole.participant.grpc.v1.Outcome;
import io.farandole.participant.grpc.v1.Phase;
import io.farandole.testservers.Patience;
import io.farandole.testservers.PostgresServer;
import io.farandole.testservers.TestDatabase;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Payments in two phases, as in TCC: held, then confirmed or let go, over HTTP and gRPC; after every test each bank's books balance. */
class BanksHoldIT {

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final String PAYMENT = "{\"account\":\"%s\",\"amount\":1000,\"currency\":\"EUR\"}";

    private static TestDatabase database;
    private static StandInBanks banks;
    private static ManagedChannel channel;
    private static BranchGrpc.BranchBlockingStub south;

    @BeforeAll
    static void starts() throws Exception {
        database = PostgresServer.shared().createDatabase("banks");
        banks = start(BanksSettings.HOLD_FOR);
        channel = ManagedChannelBuilder.forAddress("127.0.0.1", banks.grpcPort())
                .usePlaintext()
                .build();
        south = BranchGrpc.newBlockingStub(channel);
        for (String bank : new String[] {"north", "south"}) {
            for (String account : new String[] {"DE-1", "spend-1", "refuse-1", "closed-1", "whole-1"}) {
                send(
                        bank + "/accounts",
                        "POST",
                        "{\"account\":\"" + account + "\",\"currency\":\"EUR\",\"balance\":0}");
            }
        }
    }

    private static StandInBanks start(Duration holdFor) {
        return StandInBanks.start(BanksSettings.of(
                        database.url(),
                        database.appUser(),
                        database.appPassword(),
                        database.migratorUser(),
                        database.migratorPassword())
                .withHolds(holdFor)
                .withGrpc(0, "south"));
    }

    @AfterAll
    static void stops() {
        channel.shutdownNow();
        banks.close();
        database.close();
    }

    @AfterEach
    void theBooksBalance() {
        for (String bank : new String[] {"north", "south"}) {
            assertThat(banks.ledger(bank)).containsEntry("balanced", true).containsEntry("held", 0L);
        }
    }

    @Test
    void whatIsHeldCannotBeSpentUntilItIsConfirmed() throws Exception {
        for (int i = 0; i < 2; i++) {
            assertThat(pay("g1/1", "?phase=try", "DE-1").body()).isEqualTo("{\"outcome\":\"HELD\"}");
        }
        assertThat(account("north", "DE-1")).contains("\"balance\":0,\"held\":1000");
        assertThat(send("north/accounts/DE-1/spend", "POST", "{\"amount\":1}").statusCode())
                .isEqualTo(409);
        for (int i = 0; i < 2; i++) {
            assertThat(pay("g1/1", "?phase=confirm", "DE-1").body()).isEqualTo("{\"outcome\":\"COMMITTED\"}");
        }
        assertThat(account("north", "DE-1")).contains("\"balance\":1000,\"held\":0");
    }

    @Test
    void whatIsHeldIsLetGoAlthoughItWouldBeSpentAtOnce() throws Exception {
        pay("g2/1", "?phase=try", "spend-1");
        assertThat(send("north/payroll/g2/1", "DELETE", "").body()).isEqualTo("{\"outcome\":\"COMPENSATED\"}");
        assertThat(account("north", "spend-1")).contains("\"balance\":0,\"held\":0");
        assertThat(pay("g2/1", "?phase=confirm", "spend-1").body()).contains("COMPENSATED_BEFORE");
        assertThat(pay("g2/1", "?phase=try", "spend-1").body()).contains("COMPENSATED_BEFORE");
    }

    @Test
    void whatComesTooEarlyOrOtherwiseIsRefused() throws Exception {
        assertThat(pay("g3/1", "?phase=confirm", "DE-1").body()).contains("NOT_HELD");
        assertThat(send("north/payroll/g3/2", "DELETE", "").statusCode()).isEqualTo(200);
        assertThat(pay("g3/2", "?phase=try", "DE-1").body()).contains("COMPENSATED_BEFORE");
        assertThat(pay("g3/3", "?phase=try", "refuse-1").body()).contains("REFUSED_BY_BANK");
        assertThat(pay("g3/4", "?phase=try", "closed-1").body()).contains("ACCOUNT_CLOSED");
        assertThat(pay("g3/5", "", "whole-1").body()).contains("COMMITTED");
        assertThat(pay("g3/5", "?phase=confirm", "whole-1").body()).contains("INVALID");
        pay("g3/6", "?phase=try", "DE-1");
        assertThat(pay("g3/6", "?phase=confirm", "spend-1").body()).contains("INVALID");
        assertThat(send("north/payroll/g3/6", "DELETE", "").statusCode()).isEqualTo(200);
    }

    @Test
    void theSameOverGrpc() throws Exception {
        for (int i = 0; i < 2; i++) {
            assertThat(ask("1", Phase.TRY).getOutcome()).isEqualTo(Outcome.HELD);
        }
        assertThat(account("south", "DE-1")).contains("\"balance\":0,\"held\":1000");
        for (int i = 0; i < 2; i++) {
            assertThat(ask("1", Phase.CONFIRM).getOutcome()).isEqualTo(Outcome.COMMITTED);
        }
        assertThat(account("south", "DE-1")).contains("\"balance\":1000,\"held\":0");
        assertThat(ask("2", Phase.CONFIRM).getReason()).isEqualTo("NOT_HELD");
        ask("3", Phase.TRY);
        assertThat(south.compensate(CompensateRequest.newBuilder()
                                .setGlobalId("g4")
                                .setBranchId("3")
                                .build())
                        .getOutcome())
                .isEqualTo(Outcome.COMPENSATED);
        assertThat(ask("3", Phase.CONFIRM).getReason()).isEqualTo("COMPENSATED_BEFORE");
    }

    @Test
    void whatNobodyConfirmsIsLetGoInTime() throws Exception {
        try (StandInBanks hasty = start(Duration.ofMillis(300))) {
            URI address = URI.create(hasty.uri("north") + "/payroll/g5/1");
            assertThat(send(address, "?phase=try", "POST", PAYMENT.formatted("DE-1"))
                            .body())
                    .contains("HELD");
            Patience.await("it is let go")
                    .until(() -> Long.valueOf(0).equals(hasty.ledger("north").get("held")));
            assertThat(send(address, "?phase=confirm", "POST", PAYMENT.formatted("DE-1"))
                            .body())
                    .contains("EXPIRED");
            assertThat(send(address, "", "DELETE", "").body()).contains("COMPENSATED");
        }
        assertThat(Thread.getAllStackTraces().keySet().stream()
                        .filter(thread -> thread.getName().equals("banks-hold-expiry")))
                .as("those that have stopped look no more; those of this test do")
                .hasSize(1);
    }

    private static BranchReply ask(String branch, Phase phase) {
        return south.commit(CommitRequest.newBuilder()
                .setGlobalId("g4")
                .setBranchId(branch)
                .setPhase(phase)
                .setPayload(ByteString.copyFromUtf8(PAYMENT.formatted("DE-1")))
                .build());
    }

    private static String account(String bank, String account) throws Exception {
        return send(bank + "/accounts/" + account, "GET", "").body();
    }

    private static HttpResponse<String> pay(String branch, String query, String account) throws Exception {
        return send(URI.create(banks.uri("north") + "/payroll/" + branch), query, "POST", PAYMENT.formatted(account));
    }

    private static HttpResponse<String> send(String path, String method, String body) throws Exception {
        return send(URI.create(banks.uri(path).toString()), "", method, body);
    }

    private static HttpResponse<String> send(URI address, String query, String method, String body) throws Exception {
        return HTTP.send(
                HttpRequest.newBuilder(URI.create(address + query))
                        .header("Content-Type", "application/json")
                        .timeout(Duration.ofSeconds(20))
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
