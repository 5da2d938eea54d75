package io.farandole.acceptance.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.farandole.messaging.failpoint.Failpoint;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class StoryTest {

    /** No story sends commands over the broker: {@code CommandCrashIT} of the order context lets the service die at these. */
    private static final Set<Failpoint> ELSEWHERE = EnumSet.of(
            Failpoint.COMMANDS_STORED,
            Failpoint.COMMANDS_WRITTEN,
            Failpoint.COMMANDS_COMMITTED,
            Failpoint.REPLY_PUBLISHED,
            Failpoint.REPLIES_CONFIRMED,
            Failpoint.REPLIES_SETTLED);

    @Test
    void everyFailpointIsOneAtWhichAServiceDiesInSomeStory() {
        Set<Failpoint> planned = Arrays.stream(Story.values())
                .map(Story::failpoints)
                .map(Map::values)
                .flatMap(Collection::stream)
                .flatMap(Collection::stream)
                .collect(Collectors.toSet());
        assertThat(planned)
                .as("add a new failpoint to the story that reaches it")
                .containsExactlyInAnyOrderElementsOf(EnumSet.complementOf(EnumSet.copyOf(ELSEWHERE)));
    }

    @Test
    void aSeedRepeatsItsCrashes() {
        for (Story story : Story.values()) {
            assertThat(story.crashes(new Random(4711), 3)).isEqualTo(story.crashes(new Random(4711), 3));
        }
    }
}
