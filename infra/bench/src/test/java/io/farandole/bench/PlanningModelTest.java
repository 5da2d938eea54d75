package io.farandole.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.farandole.bench.PlanningModel.Component;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlanningModelTest {

    /** Ten milliseconds an order, of which one is the load's; two cores. */
    private static final PlanningModel MODEL = new PlanningModel(
            List.of(
                    new Component("order", 4, 3),
                    new Component("stock", 2, 1),
                    new Component("database", 3, 1),
                    new Component("load", 1, 0)),
            2,
            0.25);

    @Test
    void oneMachineCompletesWhatItsCoresAllow() {
        assertThat(MODEL.onOneMachine(1)).isEqualTo(200);
    }

    @Test
    void moreInstancesOnTheSameMachineTakeFromTheOrders() {
        assertThat(MODEL.onOneMachine(2)).isEqualTo(175);
        assertThat(MODEL.onOneMachine(3)).isEqualTo(150);
        assertThat(MODEL.onOneMachine(100)).isZero();
    }

    @Test
    void machinesAddUpUntilOneComponentCanSpreadNoFurther() {
        assertThat(MODEL.onMachines(1)).isCloseTo(222.2, within(0.1));
        assertThat(MODEL.onMachines(2)).isCloseTo(444.4, within(0.1));
        assertThat(MODEL.onMachines(3)).isCloseTo(666.7, within(0.1));
        assertThat(MODEL.onMachines(50)).isCloseTo(666.7, within(0.1));
        assertThat(MODEL.bottleneck().name()).isEqualTo("database");
        assertThat(MODEL.enoughMachines()).isEqualTo(3);
    }

    @Test
    void nonsenseIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new PlanningModel(List.of(), 2, 0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PlanningModel(List.of(new Component("order", 1, 1)), 0, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> new Component("order", -1, 1));
    }
}
