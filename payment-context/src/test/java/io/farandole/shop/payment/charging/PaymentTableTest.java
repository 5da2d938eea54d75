package io.farandole.shop.payment.charging;

import static io.farandole.shop.payment.charging.Situation.ORDER;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.axonframework.modelling.command.AggregateNotFoundException;
import org.axonframework.test.aggregate.AggregateTestFixture;
import org.axonframework.test.aggregate.ResultValidator;
import org.axonframework.test.aggregate.TestExecutor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every situation times every input, against the table that the package's description holds. */
class PaymentTableTest {

    private static final Path DESCRIPTION =
            Path.of("src/main/java/io/farandole/shop/payment/charging/package-info.java");

    @Test
    void doesWhatTheTableSays() throws IOException {
        assertThat(actualTable()).containsExactlyElementsOf(describedTable());
    }

    @ParameterizedTest(name = "{0} / {1}")
    @MethodSource("pairs")
    void decidesEveryPairInTheAggregateToo(String situation, String input) {
        List<PaymentEvent> given = given(situation);
        PaymentCommand command = command(input);
        TestExecutor<Payment> fixture = new AggregateTestFixture<>(Payment.class).given(given);
        ResultValidator<Payment> result = fixture.when(command);
        if (given.isEmpty() && Input.isAnswer(command)) {
            result.expectException(AggregateNotFoundException.class);
            return;
        }
        List<PaymentEvent> decided = command.decide(fold(given));
        result.expectSuccessfulHandlerExecution().expectEvents(decided.toArray());
    }

    @ParameterizedTest(name = "{0} / {1}")
    @MethodSource("pairs")
    void changesNothingWhenToldAgain(String situation, String input) {
        PaymentCommand command = command(input);
        if (Input.isAnswer(command)) {
            return; // the outside call is closed with the command: its answer comes once
        }
        PaymentState once = fold(fold(given(situation)), command.decide(fold(given(situation))));
        assertThat(command.decide(once)).isEmpty();
    }

    @Test
    void answersEveryReturn() {
        PaymentState state = fold(given("returning"));
        PaymentCommand another = new PaymentCommand.ReturnCharge(ORDER, "r-2", Situation.AMOUNT);
        state = fold(state, another.decide(state));
        List<PaymentEvent> settled = command("refund-done").decide(state);
        assertThat(settled.stream().map(PaymentTableTest::describe))
                .containsExactly("ReturnRefunded(990)", "ReturnRefunded(0)");
        assertThat(another.decide(fold(state, settled))).isEmpty();
    }

    static Stream<Arguments> pairs() {
        return Situation.ALL.keySet().stream()
                .flatMap(situation -> Input.ALL.keySet().stream().map(input -> Arguments.of(situation, input)));
    }

    private static List<String> actualTable() {
        List<String> lines = new ArrayList<>();
        Situation.ALL.forEach((situation, given) -> Input.ALL.forEach((input, command) -> {
            PaymentState before = fold(given);
            if (!given.isEmpty() || !Input.isAnswer(command)) {
                List<PaymentEvent> events = command.decide(before);
                if (!events.isEmpty()) {
                    lines.add(situation + " / " + input + ": "
                            + events.stream().map(PaymentTableTest::describe).collect(Collectors.joining(", "))
                            + " -> " + fold(before, events).phase().name().toLowerCase(Locale.ROOT));
                }
            }
        }));
        return lines;
    }

    private static List<String> describedTable() throws IOException {
        return Files.readAllLines(DESCRIPTION).stream()
                .filter(line -> line.contains(" -> ") && line.contains(" / "))
                .map(line -> line.substring(line.indexOf('*') + 1).trim().replaceAll(" +", " "))
                .toList();
    }

    private static String describe(PaymentEvent event) {
        String name = event.getClass().getSimpleName();
        if (event instanceof PaymentEvent.ChargeRefunded refunded) {
            return name + "(" + refunded.amount().minor() + ")";
        }
        if (event instanceof PaymentEvent.ReturnRefunded refunded) {
            return name + "(" + refunded.amount().minor() + ")";
        }
        if (event instanceof PaymentEvent.ChargeDeclined declined) {
            return name + "(" + declined.reason() + ")";
        }
        return name;
    }

    private static List<PaymentEvent> given(String situation) {
        return Situation.ALL.getOrDefault(situation, List.of());
    }

    private static PaymentCommand command(String input) {
        PaymentCommand command = Input.ALL.get(input);
        if (command == null) {
            throw new IllegalArgumentException(input);
        }
        return command;
    }

    private static PaymentState fold(List<PaymentEvent> events) {
        return fold(PaymentState.NEW, events);
    }

    private static PaymentState fold(PaymentState start, List<PaymentEvent> events) {
        PaymentState state = start;
        for (PaymentEvent event : events) {
            state = event.evolve(state);
        }
        return state;
    }
}
