package io.farandole.boot.operations;

import static io.farandole.boot.operations.Client.json;
import static io.farandole.boot.operations.Client.query;
import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.boot.operations.Client.Answer;
import io.farandole.testservers.Patience;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

/** A person gives up a process that cannot end well. */
class CompensateOverHttpIT {

    @Test
    void theSagaUndoesItsWorkOnceAndEndsAndTheDecisionIsOnRecord() {
        try (PostOffice office = PostOffice.open(Map.of())) {
            Client client = new Client(office.port("server"));
            office.lose("lost-1");
            String shown = "/parkedprocess" + query("processor", ParcelDelivery.PROCESSOR, "key", "lost-1");
            String decision = json(
                    "processor", ParcelDelivery.PROCESSOR,
                    "key", "lost-1",
                    "failedEventId", client.get(shown).text("/process/failedEventId"),
                    "decision", "compensate",
                    "reason", "it fell into the river");

            Answer decided = client.post("/parkedprocess", decision);
            assertThat(decided.status()).as(decided.toString()).isEqualTo(200);
            assertThat(decided.text("/outcome")).isEqualTo("ACCEPTED");
            Patience.await().untilAsserted(() -> assertThat(client.get(shown).text("/sentence"))
                    .startsWith("Not set aside any more: COMPENSATE by ada was carried out at "));
            assertThat(client.get(shown).text("/decisions/0/state")).isEqualTo("RESOLVED");
            assertThat(office.courier().paidFor).containsExactly("lost-1");
            JdbcTemplate jdbc = new JdbcTemplate(office.database().appDataSource());
            assertThat(jdbc.queryForList(
                            "select payload_type from farandole.journal where process_key = 'lost-1' order by position",
                            String.class))
                    .contains("farandole.intervention-decided", "farandole.intervention-applied");
            assertThat(jdbc.queryForObject(
                            "select ended_at is not null from farandole.saga where process_key = 'lost-1'",
                            Boolean.class))
                    .isTrue();

            Answer again = client.post("/parkedprocess", decision);
            assertThat(again.status()).as(again.toString()).isEqualTo(404);
            assertThat(office.courier().paidFor).containsExactly("lost-1");
        }
    }
}
