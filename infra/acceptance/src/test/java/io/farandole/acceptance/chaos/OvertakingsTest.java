package io.farandole.acceptance.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.acceptance.checker.Violation;
import java.util.List;
import org.junit.jupiter.api.Test;

class OvertakingsTest {

    private static final Violation LATE = new Violation(
            "I5",
            "o-1",
            "stock #8680 order.order-placed.v1 from order #8554 (e-1) was received after stock #8269"
                    + " order.order-cancelled.v1 from order #8569 (e-2)");

    private final Overtakings overtakings = new Overtakings();

    @Test
    void anOrderThatAMissingBindingExplainsIsNoViolation() {
        overtakings.mayHappen("order.order-placed.v1 to stock");
        assertThat(overtakings.unexplained(List.of(LATE))).isEmpty();
    }

    @Test
    void everythingElseIs() {
        assertThat(overtakings.unexplained(List.of(LATE))).containsExactly(LATE);
        overtakings.mayHappen("order.order-cancelled.v1 to stock");
        overtakings.mayHappen("order.order-placed.v1 to payment");
        assertThat(overtakings.unexplained(List.of(LATE))).containsExactly(LATE);
        overtakings.mayHappen("order.order-placed.v1 to stock");
        List<Violation> others = List.of(
                new Violation("I3", "o-1", "stock never received order #8554 order.order-placed.v1 (e-1)"),
                new Violation("I5", "o-1", "the saga's own effects are out of order"),
                new Violation("I6", "o-1", LATE.message()));
        assertThat(overtakings.unexplained(others)).isEqualTo(others);
    }
}
