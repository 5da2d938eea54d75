package io.farandole.saga;

import static io.farandole.testservers.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.axon.Decision;
import io.farandole.axon.FarandoleModule;
import io.farandole.axon.Intervention;
import io.farandole.axon.InterventionAnswer;
import io.farandole.axon.ParkedProcess;
import io.farandole.axon.ProcessorSettings;
import io.farandole.axon.RetryPolicy;
import io.farandole.saga.payroll.Participants;
import io.farandole.saga.payroll.PayrollMessages;
import io.farandole.saga.payroll.PayrollMessages.BookPayroll;
import io.farandole.saga.payroll.PayrollMessages.BookingRefused;
import io.farandole.saga.payroll.PayrollMessages.FundsReserved;
import io.farandole.saga.payroll.PayrollMessages.PayrollCalculated;
import io.farandole.saga.payroll.PayrollMessages.PayrollEvent;
import io.farandole.saga.payroll.PayrollMessages.ReleaseFunds;
import io.farandole.saga.payroll.PayrollMessages.ReleaseRefused;
import io.farandole.saga.payroll.PayrollMessages.ReserveFunds;
import io.farandole.saga.payroll.PayrollSaga;
import io.farandole.saga.step.StepStatus;
import io.farandole.saga.step.StepView;
import io.farandole.saga.trip.TripWorld;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.config.Configuration;
import org.axonframework.config.Configurer;
import org.axonframework.config.DefaultConfigurer;
import org.axonframework.eventhandling.EventProcessor;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.axonframework.messaging.annotation.ClasspathParameterResolverFactory;
import org.axonframework.messaging.annotation.MultiParameterResolverFactory;
import org.axonframework.messaging.annotation.SimpleResourceParameterResolverFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A payroll and its participants on the journal, in the parking processor, with deadlines that pass and a person who decides. */
class UndoingOnTheJournalIT {

    private static final List<String> UNDONE = List.of(
            "ReserveFunds",
            "PaySalaries",
            "PayTaxes",
            "BookPayroll",
            "ReclaimTaxes",
            "ReclaimSalaries",
            "ReleaseFunds");

    private TripWorld world;
    private Configuration configuration;
    private FarandoleModule module;
    private EventProcessor processor;
    private Participants participants;

    @BeforeEach
    void open() {
        world = new TripWorld(PayrollMessages.TYPES);
        module = FarandoleModule.builder(world.dataSource, world.transactions)
                .settings(
                        "payrolls", ProcessorSettings.DEFAULTS.withRetry(RetryPolicy.of("2 attempts, each wait 50 ms")))
                .build();
        Configurer configurer = DefaultConfigurer.defaultConfiguration(false)
                .configureSerializer(c -> world.serializer)
                .configureEventSerializer(c -> world.serializer)
                .configureMessageSerializer(c -> world.serializer)
                .configureEventStore(c -> world.events)
                .registerComponent(EventStorageEngine.class, c -> world.engine);
        configurer.eventProcessing().registerTokenStore(c -> world.tokens);
        module.configurePlain(configurer);
        configuration = configurer.buildConfiguration();
        participants = new Participants(configuration.getComponent(CommandBus.class), world.events);
        processor = module.processor("payrolls", configuration, payrolls());
        configuration.start();
        processor.start();
        world.deadlines.start();
    }

    private KeyedSagaInvoker<PayrollSaga> payrolls() {
        return KeyedSagaInvoker.builder(PayrollSaga.class, world.sagas, world.codec)
                .deadlines(world.deadlines)
                .properties(text -> text.replace("${payroll.funds-limit}", "500 ms"))
                .parameters(MultiParameterResolverFactory.ordered(
                        ClasspathParameterResolverFactory.forClass(PayrollSaga.class),
                        new SimpleResourceParameterResolverFactory(
                                List.of(configuration.getComponent(CommandGateway.class)))))
                .build();
    }

    @AfterEach
    void close() {
        processor.shutDown();
        configuration.shutdown();
        world.close();
    }

    @Test
    void undoesWhatWasDoneInReverseOrderWhenTheLastStepFails() {
        participants.answer(BookPayroll.class, BookingRefused::new);
        publish(new PayrollCalculated("p"));
        awaitEnd("p");
        assertThat(participants.asked("p")).containsExactlyElementsOf(UNDONE);
        assertThat(statuses("p"))
                .isEqualTo(Map.of(
                        "funds",
                        StepStatus.COMPENSATED,
                        "salaries",
                        StepStatus.COMPENSATED,
                        "taxes",
                        StepStatus.COMPENSATED,
                        "booking",
                        StepStatus.FAILED,
                        StepView.UNDOING,
                        StepStatus.COMPENSATED));
        assertThat(world.deadlines.pending("p")).isEmpty();
    }

    @Test
    void undoesALateSuccessAfterTheTimeLimit() {
        participants.answer(ReserveFunds.class, id -> null);
        publish(new PayrollCalculated("p"));
        await().until(() -> statuses("p").containsKey(StepView.UNDOING));
        assertThat(statuses("p"))
                .containsEntry("funds", StepStatus.PENDING)
                .containsEntry("salaries", StepStatus.SKIPPED);
        publish(new FundsReserved("p", "late"));
        awaitEnd("p");
        assertThat(participants.asked("p")).containsExactly("ReserveFunds", "ReleaseFunds");
    }

    @Test
    void aCompensationThatThrowsIsTriedAsItsMethodSaysThenParkedThenRetriedByAPerson() {
        participants.answer(BookPayroll.class, BookingRefused::new);
        participants.answer(ReleaseFunds.class, UndoingOnTheJournalIT::fail);
        publish(new PayrollCalculated("p"));
        ParkedProcess parked = awaitParked("p");
        assertThat(parked.attempts())
                .as("@Retries of releaseFunds, not the processor's 2")
                .isEqualTo(3);
        assertThat(statuses("p")).containsEntry("funds", StepStatus.SUCCEEDED);

        participants.answerAsUsual(ReleaseFunds.class);
        decide("p", Decision.RETRY);
        awaitEnd("p");
        assertThat(participants.asked("p")).containsExactlyElementsOf(UNDONE);
    }

    @ParameterizedTest
    @CsvSource({"SKIP, SKIPPED", "RESOLVE, COMPENSATED"})
    void aPersonLeavesOutACompensationThatThrowsAndTheUndoingEnds(Decision decision, StepStatus status) {
        participants.answer(BookPayroll.class, BookingRefused::new);
        participants.answer(ReleaseFunds.class, UndoingOnTheJournalIT::fail);
        publish(new PayrollCalculated("p"));
        awaitParked("p");
        decide("p", decision);
        awaitEnd("p");
        assertThat(statuses("p")).containsEntry("funds", status).containsEntry("salaries", StepStatus.COMPENSATED);
        assertThat(participants.asked("p")).doesNotContain("ReleaseFunds");
    }

    @ParameterizedTest
    @CsvSource({"COMPENSATE, 4", "RESOLVE, 3"})
    void aCompensationThatIsRefusedIsAskedForAgainThenParkedThenDecided(Decision decision, int times) {
        participants.answer(BookPayroll.class, BookingRefused::new);
        participants.answer(ReleaseFunds.class, ReleaseRefused::new);
        publish(new PayrollCalculated("p"));
        ParkedProcess parked = awaitParked("p");
        assertThat(parked.errorClass()).isEqualTo(CompensationFailedException.class.getName());
        assertThat(statuses("p")).containsEntry("funds", StepStatus.COMPENSATING);
        assertThat(asked("p", "ReleaseFunds")).isEqualTo(3);

        participants.answerAsUsual(ReleaseFunds.class);
        decide("p", decision);
        awaitEnd("p");
        assertThat(asked("p", "ReleaseFunds")).isEqualTo(times);
        assertThat(statuses("p")).containsEntry("funds", StepStatus.COMPENSATED);
    }

    @Test
    void aPersonHasAProcessUndoneThatCannotGoForwards() {
        participants.answer(BookPayroll.class, UndoingOnTheJournalIT::fail);
        publish(new PayrollCalculated("p"));
        ParkedProcess parked = awaitParked("p");
        assertThat(parked.attempts()).isEqualTo(2);
        decide("p", Decision.COMPENSATE);
        awaitEnd("p");
        assertThat(participants.asked("p")).contains("ReclaimTaxes", "ReclaimSalaries", "ReleaseFunds");
        assertThat(statuses("p"))
                .containsEntry("funds", StepStatus.COMPENSATED)
                .containsEntry("salaries", StepStatus.COMPENSATED)
                .containsEntry("taxes", StepStatus.COMPENSATED)
                .containsEntry("booking", StepStatus.SKIPPED);
    }

    private static @Nullable PayrollEvent fail(String payrollId) {
        throw new IllegalStateException("no connection for " + payrollId);
    }

    private void publish(PayrollEvent event) {
        world.transactions.executeInTransaction(() -> world.events.publish(
                new GenericDomainEventMessage<>("Participant", UUID.randomUUID().toString(), 0, event)));
    }

    private ParkedProcess awaitParked(String payroll) {
        await().until(() -> module.parkedProcesses()
                .find("payrolls", payroll)
                .filter(it -> it.status() == ParkedProcess.Status.PARKED)
                .isPresent());
        return module.parkedProcesses().find("payrolls", payroll).orElseThrow();
    }

    private void decide(String payroll, Decision decision) {
        String failed =
                module.parkedProcesses().find("payrolls", payroll).orElseThrow().failedEventId();
        InterventionAnswer answer = module.parkedProcesses()
                .intervene(new Intervention("payrolls", payroll, failed, decision, "alice", "mended"));
        assertThat(answer.outcome()).isEqualTo(InterventionAnswer.Outcome.ACCEPTED);
    }

    private void awaitEnd(String payroll) {
        await().until(() -> world.sagas.ofProcess(payroll).stream().anyMatch(saga -> saga.endedAt() != null));
    }

    private long asked(String payroll, String command) {
        return participants.asked(payroll).stream().filter(command::equals).count();
    }

    private Map<String, StepStatus> statuses(String payroll) {
        return world.sagas.ofProcess(payroll).stream()
                .flatMap(saga -> saga.steps().stream())
                .collect(Collectors.toMap(StepView::step, StepView::status));
    }
}
