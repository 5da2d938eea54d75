package io.farandole.shop.order.registration;

import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.axon.Decision;
import io.farandole.axon.Intervention;
import io.farandole.axon.ParkedProcess;
import io.farandole.axon.ParkedProcesses;
import io.farandole.mailserver.ReceivedMail;
import io.farandole.shop.order.OrderAlone;
import io.farandole.shop.order.OrderApplication;
import io.farandole.shop.order.registration.RegisteringShop.Answer;
import io.farandole.testkit.Dance;
import io.farandole.testkit.Dancer;
import io.farandole.testservers.Patience;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;

/** What becomes of welcome mails while the mail server is away, and where several instances look after them. */
class MailServerAwayIT {

    @Test
    void customersRegisterMeanwhileAndAreSentTheirMailByTwoInstancesOnceItIsBack() {
        try (RegisteringShop shop = new RegisteringShop(Map.of());
                ConfigurableApplicationContext second = instance(shop)) {
            shop.mailServerIsAway();
            List<String> ids = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                Answer accepted = shop.register("away-" + i + "@example.org");
                assertThat(accepted.status()).as(accepted.body()).isEqualTo(202);
                ids.add(accepted.customerId());
            }
            assertThat(shop.get("/actuator/health").status()).isEqualTo(200);
            Patience.await().until(() -> shop.customer(ids.get(0)).text().contains("no connection"));
            // What nobody is going to send any more: both instances look for it. One that is at work would be sent by
            // its worker as well.
            Patience.await()
                    .until(() -> shop.jdbc()
                                    .update(
                                            "delete from farandole.outside_call where process_key = ? and status = 'WAITING'",
                                            ids.get(7))
                            == 1);

            shop.mailServerIsBack();
            ids.forEach(id -> shop.awaitState(id, "SENT"));
            Map<String, Long> copies = shop.mails().mails().stream()
                    .collect(Collectors.groupingBy(ReceivedMail::messageId, Collectors.counting()));
            assertThat(copies).hasSize(20);
            assertThat(copies.values())
                    .as(
                            "copies %s, of the calls %s",
                            copies,
                            shop.jdbc()
                                    .queryForList("select process_key, status, attempts, claim, last_error"
                                            + " from farandole.outside_call order by id"))
                    .containsOnly(1L);
            for (String id : ids) {
                assertThat(shop.history(id))
                        .isEqualTo("order.customer-registered order.welcome-mail-requested order.welcome-mail-sent");
            }
            assertThat(second.isActive()).isTrue();
        }
    }

    @Test
    void aServerThatIsAwayForTooLongIsLeftToAPersonWhoseRetrySendsTheMailAgain() {
        try (RegisteringShop shop = new RegisteringShop(Map.of())) {
            shop.mailServerIsAway();
            String id = shop.register("patient@example.org").customerId();
            // Only of this call: the mail that is sent again has a limit of its own, and a slow machine to be sent on.
            Patience.await()
                    .until(() -> shop.jdbc()
                                    .update(
                                            "update farandole.outside_call set time_limit_at = clock_timestamp(),"
                                                    + " due_at = clock_timestamp() where process_key = ? and attempts > 0"
                                                    + " and status = 'WAITING'",
                                            id)
                            == 1);
            Answer failed = shop.awaitState(id, "FAILED");
            assertThat(failed.text()).contains("did not take the mail in time");
            ParkedProcesses parked = shop.context().bean(ParkedProcesses.class);
            ParkedProcess waiting = Patience.await()
                    .until(
                            () -> parked.find(WelcomeMail.GROUP, id)
                                    .filter(it -> it.status() == ParkedProcess.Status.PARKED),
                            Optional::isPresent)
                    .orElseThrow();
            shop.mailServerIsBack();
            parked.intervene(new Intervention(
                    WelcomeMail.GROUP, id, waiting.failedEventId(), Decision.RETRY, "ada", "the server is back"));
            shop.awaitState(id, "SENT");
            assertThat(shop.mails().mailsTo("patient@example.org")).hasSize(1);
            Patience.await().until(() -> parked.find(WelcomeMail.GROUP, id).isEmpty());
        }
    }

    @Test
    void withoutAMailServerThereIsNoRegistration() throws Exception {
        try (Dance dance =
                Dance.of(Dancer.of("order", OrderApplication.class).with("farandole.rabbitmq.enabled", "false"))) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(
                            "http://localhost:" + dance.context("order").port() + "/customers"))
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString("{\"email\":\"ada@example.org\",\"name\":\"Ada\"}"))
                    .build();
            assertThat(HttpClient.newHttpClient()
                            .send(request, HttpResponse.BodyHandlers.discarding())
                            .statusCode())
                    .isEqualTo(404);
        }
    }

    /** A second one on the same database, with the same secrets. */
    private static ConfigurableApplicationContext instance(RegisteringShop shop) {
        Map<String, String> settings = new LinkedHashMap<>(shop.settings());
        settings.put("farandole.context", "order");
        return OrderAlone.start(shop.context().database(), settings);
    }
}
