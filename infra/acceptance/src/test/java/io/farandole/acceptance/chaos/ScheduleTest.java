package io.farandole.acceptance.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.acceptance.chaos.Fault.Lane;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ScheduleTest {

    private static final Duration TEN_MINUTES = Duration.ofMinutes(10);

    @ParameterizedTest
    @EnumSource(Lane.class)
    void aSeedDrawsTheSameFaultsEachTime(Lane lane) {
        List<Strike> once = Schedule.of(7, TEN_MINUTES).lane(lane);
        assertThat(Schedule.of(7, TEN_MINUTES).lane(lane)).isEqualTo(once).isNotEmpty();
        assertThat(Schedule.of(8, TEN_MINUTES).lane(lane)).isNotEqualTo(once);
    }

    @ParameterizedTest
    @EnumSource(Lane.class)
    void tenMinutesHaveEveryFaultOfALaneAtLeastTwice(Lane lane) {
        for (long seed = 0; seed < 200; seed++) {
            List<Fault> drawn = Schedule.of(seed, TEN_MINUTES).lane(lane).stream()
                    .map(Strike::fault)
                    .toList();
            for (Fault fault : Fault.of(lane)) {
                assertThat(drawn).filteredOn(fault::equals).hasSizeGreaterThanOrEqualTo(2);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Lane.class)
    void oneFaultOfALaneEndsBeforeTheNextBegins(Lane lane) {
        List<Strike> strikes = Schedule.of(3, TEN_MINUTES).lane(lane);
        for (int i = 1; i < strikes.size(); i++) {
            Strike before = strikes.get(i - 1);
            assertThat(strikes.get(i).at()).isGreaterThan(before.at().plus(before.lasts()));
        }
        assertThat(strikes.get(strikes.size() - 1).at()).isLessThan(TEN_MINUTES);
    }
}
