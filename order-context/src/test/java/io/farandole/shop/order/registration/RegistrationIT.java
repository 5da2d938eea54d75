package io.farandole.shop.order.registration;

import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.audit.personal.Erasures;
import io.farandole.axon.Decision;
import io.farandole.axon.Intervention;
import io.farandole.axon.InterventionAnswer;
import io.farandole.axon.ParkedProcess;
import io.farandole.axon.ParkedProcesses;
import io.farandole.mailserver.ReceivedMail;
import io.farandole.shop.order.registration.RegisteringShop.Answer;
import io.farandole.testservers.Patience;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** Registration over HTTP, on a real database and with real SMTP. */
@ExtendWith(OutputCaptureExtension.class)
class RegistrationIT {

    private static final String SENT = "order.customer-registered order.welcome-mail-requested order.welcome-mail-sent";

    private static RegisteringShop shop;

    @BeforeAll
    static void starts() {
        shop = new RegisteringShop(Map.of());
    }

    @AfterAll
    static void stops() {
        shop.close();
    }

    @Test
    void aCustomerIsSentOneMail() {
        Answer accepted = shop.send("POST", "/customers", Map.of("email", "Ada@Example.org", "name", "Ada Łovelace"));
        assertThat(accepted.status()).isEqualTo(202);
        String id = accepted.customerId();
        assertThat(accepted.location()).isEqualTo("/customers/" + id);
        Answer sent = shop.awaitState(id, "SENT");
        assertThat(sent.json().path("email").asString()).isEqualTo("Ada@example.org");
        assertThat(sent.json().path("name").asString()).isEqualTo("Ada Łovelace");
        assertThat(sent.json().at("/welcomeMail/attempts").asInt()).isEqualTo(1);
        assertThat(shop.history(id)).isEqualTo(SENT);

        List<ReceivedMail> mails = shop.mails().mailsTo("Ada@example.org");
        assertThat(mails).hasSize(1);
        assertThat(mails.get(0).messageId()).isEqualTo("<" + id + ".welcome@shop.example>");
        assertThat(mails.get(0).from()).isEqualTo("welcome@shop.example");
        assertThat(mails.get(0).content()).contains("Auto-Submitted: auto-generated", "To: Ada@example.org");
    }

    @Test
    void addressAndNameAreKeptSealedAndNotLogged(CapturedOutput output) {
        String id = shop.send(
                        "POST", "/customers", Map.of("email", "unknown-canary@example.org", "name", "Kanarienvogel"))
                .customerId();
        shop.awaitState(id, "FAILED");
        awaitParked(id);
        String kept = shop
                .jdbc()
                .queryForList(
                        "select table_schema || '.' || table_name from information_schema.tables"
                                + " where table_schema in ('app', 'farandole') and has_table_privilege("
                                + "quote_ident(table_schema) || '.' || quote_ident(table_name), 'select')",
                        String.class)
                .stream()
                .flatMap(
                        table -> shop.jdbc().queryForList("select t::text from " + table + " t", String.class).stream())
                .collect(Collectors.joining("\n"));
        assertThat(kept).contains(id).doesNotContain("canary", "Kanarienvogel");
        assertThat(output.getAll()).doesNotContain("canary", "Kanarienvogel");
    }

    @Test
    void whoAsksAgainUnderTheSameKeyIsRegisteredOnce() {
        String id =
                shop.register("again@example.org", "Idempotency-Key", "key-1").customerId();
        assertThat(shop.register("again@example.org", "Idempotency-Key", "key-1")
                        .customerId())
                .isEqualTo(id);
        Answer other = shop.register("again@example.org", "Idempotency-Key", "key-2");
        assertThat(other.status()).isEqualTo(409);
        assertThat(other.body()).contains("registered already").doesNotContain("again@", id);
        shop.awaitState(id, "SENT");
    }

    /** Sealed fields are copied as they are, also those of somebody who has been erased. */
    @Test
    void whatIsShownCanBeMadeAgainFromTheJournal() {
        String kept = shop.register("kept-in-the-journal@example.org").customerId();
        String erased = shop.register("erased-in-the-journal@example.org").customerId();
        String shown = shop.awaitState(kept, "SENT").body();
        shop.awaitState(erased, "SENT");
        assertThat(shop.context().bean(Erasures.class).erase(erased, "ada", "asked for"))
                .isPresent();
        assertThat(shop.context().compare("customers").isNone()).isTrue();

        shop.jdbc().update("delete from app.customer where customer_id = ?", kept);
        shop.jdbc().update("delete from app.customer where customer_id = ?", erased);
        assertThat(shop.context().rebuild("customers").count()).isEqualTo(2);
        assertThat(shop.customer(kept).body()).isEqualTo(shown);
        assertThat(shop.customer(erased).json().path("erased").asBoolean()).isTrue();
    }

    @Test
    void ofManyWhoRegisterOneAddressAtOnceOneIsAccepted() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(16);
        try {
            List<Callable<Answer>> clients = IntStream.range(0, 48)
                    .mapToObj(i -> (Callable<Answer>)
                            () -> shop.register((i % 2 == 0 ? "Storm" : "storm") + i % 3 + "@example.org"))
                    .toList();
            int accepted = 0;
            for (Future<Answer> answer : threads.invokeAll(clients)) {
                assertThat(answer.get().status()).isIn(202, 409);
                accepted += answer.get().status() == 202 ? 1 : 0;
            }
            assertThat(accepted).isEqualTo(3);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void whatIsNoAddressOrNoNameIsRefusedAndNotRepeated() {
        for (Map<String, String> bad : List.of(
                Map.of("email", "canary", "name", "Ada"),
                Map.of("email", "canary@example.org\r\nBcc: eve@example.org", "name", "Ada"),
                Map.of("email", "bad@example.org", "name", "canary\r\nBcc: eve@example.org"),
                Map.of("email", "bad@example.org", "name", "   "),
                Map.of("email", "bad@example.org"),
                Map.of("name", "Ada"))) {
            Answer refused = shop.send("POST", "/customers", bad);
            assertThat(refused.status()).as(refused.body()).isEqualTo(400);
            assertThat(refused.body()).contains("errors").doesNotContain("canary", "eve");
        }
        assertThat(shop.customer("nobody").status()).isEqualTo(404);
        assertThat(shop.send("PUT", "/customers/nobody/email", Map.of("email", "a@example.org"))
                        .status())
                .isEqualTo(404);
    }

    @Test
    void aServerThatSaysLaterIsAskedLater() {
        String id = shop.register("grey-1@example.org").customerId();
        Answer sent = shop.awaitState(id, "SENT");
        assertThat(sent.json().at("/welcomeMail/attempts").asInt()).isEqualTo(3);
        assertThat(shop.mails().mailsTo("grey-1@example.org")).hasSize(1);
    }

    @Test
    void aServerThatAnswersSlowlyIsWaitedFor() {
        String id = shop.register("slow-1@example.org").customerId();
        shop.awaitState(id, "SENT");
        assertThat(shop.mails().mailsTo("slow-1@example.org")).hasSize(1);
    }

    @Test
    void whereTheAnswerIsLostTheMailIsSentAgainUnderTheSameId() {
        String id = shop.register("cut-1@example.org").customerId();
        shop.awaitState(id, "SENT");
        assertOneMailInEffect(id, "cut-1@example.org", 2);
    }

    @Test
    void whoDiesBetweenSendingAndRecordingSendsAgainUnderTheSameId() {
        KilledAfterSending.times(1);
        String id = shop.register("killed@example.org").customerId();
        Patience.await().until(() -> KilledAfterSending.left() == 0);
        // As when its lease has run out, which KilledServiceIT waits for.
        assertThat(shop.jdbc()
                        .update(
                                "update farandole.outside_call set due_at = clock_timestamp()"
                                        + " where process_key = ? and status = 'RUNNING'",
                                id))
                .isEqualTo(1);
        shop.awaitState(id, "SENT");
        assertOneMailInEffect(id, "killed@example.org", 2);
        assertThat(shop.history(id)).isEqualTo(SENT);
    }

    @Test
    void anAddressThatNobodyKnowsWaitsForAPersonAndACorrectedOneIsUsed() {
        String id = shop.register("unknown-1@example.org").customerId();
        Answer failed = shop.awaitState(id, "FAILED");
        assertThat(failed.text()).contains("550 5.1.1 at RCPT", "PUT /customers/" + id + "/email");
        ParkedProcess parked = awaitParked(id);
        assertThat(parked.attempts()).isEqualTo(1);
        assertThat(shop.mails().attempts("unknown-1@example.org")).isEqualTo(1);

        Answer corrected = shop.send("PUT", "/customers/" + id + "/email", Map.of("email", "known-1@example.org"));
        assertThat(corrected.status()).as(corrected.body()).isEqualTo(202);
        shop.awaitState(id, "SENT");
        awaitNotParked(id);
        assertOneMailInEffect(id, "known-1@example.org", 1);
        assertThat(shop.register("unknown-1@example.org").status()).isEqualTo(202);
        assertThat(shop.register("known-1@example.org").status()).isEqualTo(409);
    }

    @Test
    void aFailureThatWasSkippedStaysSoUntilTheAddressIsCorrected() {
        String id = shop.register("unknown-2@example.org").customerId();
        decide(id, Decision.SKIP);
        awaitNotParked(id);
        assertThat(shop.customer(id).state()).isEqualTo("FAILED");
        shop.send("PUT", "/customers/" + id + "/email", Map.of("email", "known-2@example.org"));
        shop.awaitState(id, "SENT");
        assertOneMailInEffect(id, "known-2@example.org", 1);
    }

    @Test
    void anAddressOfSomebodyElseIsNoCorrection() {
        String one = shop.register("one@example.org").customerId();
        String other = shop.register("other@example.org").customerId();
        shop.awaitState(one, "SENT");
        shop.awaitState(other, "SENT");
        Answer refused = shop.send("PUT", "/customers/" + other + "/email", Map.of("email", "ONE@example.org"));
        assertThat(refused.status()).isEqualTo(409);
        assertThat(shop.customer(other).json().path("email").asString()).isEqualTo("other@example.org");
        assertThat(shop.send("PUT", "/customers/" + other + "/email", Map.of("email", "new@example.org"))
                        .json()
                        .path("welcomeMail")
                        .asString())
                .isEqualTo("SENT");
        assertThat(shop.mails().mailsTo("new@example.org")).isEmpty();
    }

    @Test
    void aPolicyOfTheServerIsNotTheAddressesFault() {
        String relay = shop.register("relay-1@example.org").customerId();
        String spam = shop.register("spam-1@example.org").customerId();
        Patience.await()
                .until(() -> shop.mails().attempts("relay-1@example.org") > 1
                        && shop.mails().attempts("spam-1@example.org") > 1);
        assertThat(shop.customer(relay).text()).endsWith("550 5.7.1 at RCPT");
        assertThat(shop.customer(spam).text()).endsWith("554 5.7.0");
        assertThat(shop.customer(relay).state()).isEqualTo("PENDING");
        assertThat(shop.customer(spam).state()).isEqualTo("PENDING");
        // From its next attempt on the mail goes to the new address, by the same call.
        shop.send("PUT", "/customers/" + relay + "/email", Map.of("email", "relayed@example.org"));
        shop.awaitState(relay, "SENT");
        assertOneMailInEffect(relay, "relayed@example.org", 1);
        assertThat(shop.context().bean(Erasures.class).erase(spam, "ada", "asked for"))
                .isPresent();
        shop.awaitState(spam, "FAILED");
    }

    @Test
    void aCallThatWasLostIsAskedForAgain() {
        String id = shop.register("busy-lost@example.org").customerId();
        Patience.await().until(() -> shop.mails().attempts("busy-lost@example.org") > 0);
        shop.send("PUT", "/customers/" + id + "/email", Map.of("email", "lost@example.org"));
        shop.jdbc().update("delete from farandole.outside_call where process_key = ?", id);
        shop.awaitState(id, "SENT");
        assertThat(shop.mails().mailsTo("lost@example.org").stream()
                        .map(ReceivedMail::messageId)
                        .distinct())
                .containsExactly("<" + id + ".welcome@shop.example>");
        assertThat(shop.jdbc()
                        .queryForObject(
                                "select count(*) from farandole.outside_call where process_key = ?", Long.class, id))
                .isLessThanOrEqualTo(1);
    }

    @Test
    void theCheckLeavesAloneWhatIsOnlyLate() {
        String id = shop.register("busy-late@example.org").customerId();
        Patience.await().until(() -> shop.mails().attempts("busy-late@example.org") > 6);
        assertThat(shop.jdbc()
                        .queryForObject(
                                "select count(*) from farandole.outside_call where process_key = ?", Long.class, id))
                .isEqualTo(1);
        assertThat(shop.history(id)).isEqualTo("order.customer-registered order.welcome-mail-requested");
        assertThat(shop.context().bean(Erasures.class).erase(id, "ada", "asked for"))
                .isPresent();
        shop.awaitState(id, "FAILED");
    }

    @Test
    void whoWasErasedGetsNoMailAndMayRegisterAgain() {
        String id = shop.register("busy-erased@example.org").customerId();
        assertThat(shop.register("BUSY-erased@example.org").status()).isEqualTo(409);
        assertThat(shop.context().bean(Erasures.class).erase(id, "ada", "asked for"))
                .isPresent();
        Answer erased = shop.awaitState(id, "FAILED");
        assertThat(erased.json().has("email")).isFalse();
        assertThat(erased.json().has("name")).isFalse();
        assertThat(erased.json().path("erased").asBoolean()).isTrue();
        assertThat(erased.text()).contains("erased");
        assertThat(shop.history(id)).endsWith("order.welcome-mail-dropped");
        assertThat(shop.send("PUT", "/customers/" + id + "/email", Map.of("email", "x@example.org"))
                        .status())
                .isEqualTo(410);
        String again = shop.register("busy-erased@example.org").customerId();
        assertThat(again).isNotEqualTo(id);
        assertThat(shop.context().bean(Erasures.class).erase(again, "ada", "asked for"))
                .isPresent();
        shop.awaitState(again, "FAILED");
    }

    static void decide(String id, Decision decision) {
        ParkedProcess parked = awaitParked(id);
        InterventionAnswer answer = shop.context()
                .bean(ParkedProcesses.class)
                .intervene(new Intervention(
                        WelcomeMail.GROUP, id, parked.failedEventId(), decision, "ada", "as a test wants it"));
        assertThat(answer.outcome()).isEqualTo(InterventionAnswer.Outcome.ACCEPTED);
    }

    private static ParkedProcess awaitParked(String id) {
        return Patience.await("customer " + id + " is parked")
                .until(
                        () -> shop.context()
                                .bean(ParkedProcesses.class)
                                .find(WelcomeMail.GROUP, id)
                                .filter(process -> process.status() == ParkedProcess.Status.PARKED),
                        java.util.Optional::isPresent)
                .orElseThrow();
    }

    private static void awaitNotParked(String id) {
        Patience.await("customer " + id + " is not parked any more").until(() -> shop.context()
                .bean(ParkedProcesses.class)
                .find(WelcomeMail.GROUP, id)
                .isEmpty());
    }

    /** Taken so often, under one id, and noted once. */
    private static void assertOneMailInEffect(String id, String address, int times) {
        List<ReceivedMail> mails = shop.mails().mailsTo(address);
        assertThat(mails).hasSize(times);
        assertThat(mails.stream().map(ReceivedMail::content).distinct()).hasSize(1);
        assertThat(mails).allMatch(mail -> mail.messageId().equals("<" + id + ".welcome@shop.example>"));
        assertThat(shop.history(id).split("order.welcome-mail-sent", -1)).hasSize(2);
    }
}
