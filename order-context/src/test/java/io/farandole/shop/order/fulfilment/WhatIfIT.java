package io.farandole.shop.order.fulfilment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.farandole.audit.whatif.Action;
import io.farandole.audit.whatif.LiveSagas;
import io.farandole.audit.whatif.ProcessDifference;
import io.farandole.audit.whatif.ReplayedProcess;
import io.farandole.audit.whatif.SagaVersion;
import io.farandole.audit.whatif.Selection;
import io.farandole.audit.whatif.WhatIf;
import io.farandole.audit.whatif.WhatIfReport;
import io.farandole.boot.audit.DeployedSagas;
import io.farandole.shop.order.PlayedShop;
import io.farandole.shop.order.ordering.OrderEvent.OrderPlaced;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.eventhandling.DisallowReplay;
import org.axonframework.eventhandling.ReplayStatus;
import org.axonframework.modelling.saga.SagaEventHandler;
import org.axonframework.modelling.saga.StartSaga;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.node.JsonNodeFactory;

/** What sagas would have done, over the history of orders that were really handled, with stock and payment played. */
class WhatIfIT {

    private static final int ORDERS = 60;

    private static PlayedShop shop;
    private static WhatIf whatIf;

    @BeforeAll
    static void play() {
        // Short, so that deadlines pass too.
        shop = new PlayedShop(Map.of("shop.order.time-limit", "2s"));
        shop.play(ORDERS, 7);
        whatIf = shop.bean(WhatIf.class);
    }

    @AfterAll
    static void close() {
        shop.close();
    }

    private static SagaVersion<OrderFulfilment> deployed() {
        return SagaVersion.of(OrderFulfilment.class)
                .resource(new FulfilmentSettings(Duration.ofSeconds(2), Duration.ofDays(14)));
    }

    @Test
    void theDeployedVersionComesToWhatTheJournalShowsAndTheLiveSagasAre() {
        for (String saga : List.of("OrderFulfilment", "OrderReturn")) {
            WhatIfReport report = whatIf.compareWithJournal(
                    shop.bean(DeployedSagas.class).version(saga), Selection.ALL, shop.bean(LiveSagas.class));
            assertThat(report.differences()).as(report.describe()).isEmpty();
            assertThat(report.processes()).isGreaterThanOrEqualTo(ORDERS);
            assertThat(report.actions()).containsKey(Action.Kind.COMMAND);
            assertThat(report.actions()).containsKey(Action.Kind.DEADLINE);
            assertThat(report.goneTo()).isNull();
        }
    }

    @Test
    void theSameVersionTwiceIsTheSame() {
        WhatIfReport report = whatIf.compare(deployed(), deployed(), Selection.ALL);
        assertThat(report.differences()).as(report.describe()).isEmpty();
        assertThat(report.events()).isPositive();
    }

    @Test
    void nothingIsSentOrWritten() {
        Map<String, Long> before = shop.rows();
        whatIf.compare(deployed(), SagaVersion.of(OrderFulfilmentOfTomorrow.class), Selection.ALL);
        whatIf.compareWithJournal(deployed(), Selection.ALL, shop.bean(LiveSagas.class));
        assertThat(shop.rows()).isEqualTo(before);
    }

    @Test
    void aNewVersionsDifferencesAreToldPerProcess() {
        WhatIfReport report = whatIf.compare(
                deployed(),
                SagaVersion.of(OrderFulfilmentOfTomorrow.class).name("OrderFulfilment"),
                Selection.ALL.atMost(1_000_000, 1_000, Duration.ofMinutes(5)));
        List<String> declined = shop.declined();
        assertThat(declined).isNotEmpty();
        assertThat(report.differences())
                .filteredOn(process -> declined.contains(process.processKey()))
                .hasSameSizeAs(declined)
                .allSatisfy(process -> assertThat(process.events()).anySatisfy(event -> {
                    assertThat(event.type()).isEqualTo("payment.payment-declined.v1");
                    assertThat(event.before()).anySatisfy(line -> assertThat(line)
                            .startsWith("send CancelOrder {\"orderId\":\"" + process.processKey()));
                    assertThat(event.now()).containsExactly("schedule deadline second-chance \"PT24H\"");
                }));
        assertThat(report.differing()).isEqualTo(report.differences().size());
        assertThat(report.notes())
                .anySatisfy(
                        note -> assertThat(note).contains("waits for answers").contains("FulfilOrder"));
        assertThat(report.describe()).contains("    - send CancelOrder", "    + schedule deadline second-chance");
    }

    @Test
    void onlyTheProcessesAndThePeriodThatAreAskedForCount() {
        String one = shop.declined().get(0);
        WhatIfReport report = whatIf.compare(
                deployed(), SagaVersion.of(OrderFulfilmentOfTomorrow.class), Selection.ALL.of(Set.of(one)));
        assertThat(report.processes()).isEqualTo(1);
        assertThat(report.differences())
                .singleElement()
                .extracting(ProcessDifference::processKey)
                .isEqualTo(one);

        WhatIfReport before = whatIf.compareWithJournal(deployed(), Selection.ALL.between(null, shop.began()), null);
        assertThat(before.processes()).isZero();

        WhatIfReport cutShort =
                whatIf.compare(deployed(), deployed(), Selection.ALL.atMost(10, 1, Duration.ofMinutes(1)));
        assertThat(cutShort.processes()).isEqualTo(10);
        assertThat(cutShort.goneTo()).isNotNull();
        WhatIfReport rest = whatIf.compare(deployed(), deployed(), Selection.ALL.between(cutShort.goneTo(), null));
        assertThat(rest.processes()).isGreaterThanOrEqualTo(ORDERS - 10);
    }

    @Test
    void aHandlerThatThrowsEndsItsProcessAndIsTold() {
        WhatIfReport report = whatIf.compareWithJournal(
                SagaVersion.of(ThrowingFulfilment.class).name("Throwing"), Selection.ALL, null);
        assertThat(report.differing()).isEqualTo(ORDERS);
        assertThat(report.differences().get(0).events().get(0).now().get(0)).contains("throw", "not today");
        assertThat(report.notes().get(0)).contains("set aside");
    }

    @Test
    void whatMustNotBeReplayedOrMightActIsRefused() {
        assertThatThrownBy(() -> SagaVersion.of(NeverAgain.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("NeverAgain.on")
                .hasMessageContaining("must not be replayed");
        assertThatThrownBy(() -> whatIf.compareWithJournal(SagaVersion.of(WithAClient.class), Selection.ALL, null))
                .hasStackTraceContaining("of which the replay does not know whether it acts");
    }

    @Test
    void aHandlerThatAsksIsToldThatItIsReplaying() {
        String id = shop.declined().get(0);
        ReplayedProcess process =
                whatIf.replay(SagaVersion.of(AsksWhether.class), id).orElseThrow();
        assertThat(process.events()).singleElement().satisfies(event -> assertThat(event.actions())
                .singleElement()
                .satisfies(action -> assertThat(action.describe()).isEqualTo("call Till.ring [\"REPLAY\"]")));
    }

    @Test
    void oneProcessIsToldStepByStep() {
        String id = shop.declined().get(0);
        ReplayedProcess process = whatIf.replay(deployed(), id).orElseThrow();
        assertThat(process.started()).isTrue();
        assertThat(process.events().get(0).actions())
                .containsExactly(new Action(
                        Action.Kind.DEADLINE, "order-time-limit", JsonNodeFactory.instance.stringNode("PT2S")));
        assertThat(whatIf.replay(deployed(), "nobody")).isEmpty();
    }

    /** Throws at its first event. */
    static class ThrowingFulfilment {

        @StartSaga
        @SagaEventHandler(associationProperty = "orderId")
        void on(OrderPlaced event) {
            throw new IllegalStateException("not today");
        }
    }

    /** What a saga may be given, and a replay does not know. */
    interface Till {

        void ring(String text);
    }

    /** Asks whether it is replaying. */
    static class AsksWhether {

        @Autowired
        private transient Till till;

        @StartSaga
        @SagaEventHandler(associationProperty = "orderId")
        void on(OrderPlaced event, ReplayStatus status) {
            till.ring(status.name());
        }
    }

    /** Says that it must not be replayed. */
    static class NeverAgain {

        @DisallowReplay
        @SagaEventHandler(associationProperty = "orderId")
        void on(OrderPlaced event) {}
    }

    /** Wants something that might act. */
    static class WithAClient {

        @Autowired
        private transient HttpClient client;

        @Autowired
        private transient CommandGateway commands;

        @StartSaga
        @SagaEventHandler(associationProperty = "orderId")
        void on(OrderPlaced event) {
            commands.sendAndWait(client.toString());
        }
    }
}
