package io.farandole.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MilestonesTest {

    private final Milestones milestones = new Milestones();

    @Test
    void positionIsReachedWithTheFirstThatIsSeenAtOrBeyondIt() {
        milestones.seen(3, 100);
        milestones.seen(7, 200);

        assertThat(milestones.reached(1)).hasValue(100);
        assertThat(milestones.reached(3)).hasValue(100);
        assertThat(milestones.reached(4)).hasValue(200);
        assertThat(milestones.reached(8)).isEmpty();
    }

    @Test
    void whatIsSeenAgainCountsFromTheFirstTime() {
        milestones.seen(3, 100);
        milestones.seen(3, 150);
        milestones.seen(2, 160);

        assertThat(milestones.reached(3)).hasValue(100);
    }
}
