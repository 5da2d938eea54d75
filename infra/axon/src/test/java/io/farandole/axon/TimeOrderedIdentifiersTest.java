package io.farandole.axon;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.axonframework.common.IdentifierFactory;
import org.axonframework.eventhandling.GenericEventMessage;
import org.junit.jupiter.api.Test;

class TimeOrderedIdentifiersTest {

    @Test
    void axonFindsThem() {
        assertThat(IdentifierFactory.getInstance()).isInstanceOf(TimeOrderedIdentifiers.class);
        assertThat(UUID.fromString(GenericEventMessage.asEventMessage("event").getIdentifier())
                        .version())
                .isEqualTo(7);
    }

    @Test
    void theyBeginWithTheTimeAndAreAllDifferent() {
        long before = Instant.now().toEpochMilli();
        List<String> ids = IntStream.range(0, 50_000)
                .parallel()
                .mapToObj(i -> IdentifierFactory.getInstance().generateIdentifier())
                .toList();
        long after = Instant.now().toEpochMilli();
        assertThat(new HashSet<>(ids)).hasSize(50_000);
        assertThat(ids.stream().map(id -> UUID.fromString(id).getMostSignificantBits() >>> 16))
                .allMatch(millis -> millis >= before && millis <= after);
    }

    /** Within one millisecond too: no id is told by another one. */
    @Test
    void noneIsTheNextNumberOfAnother() {
        Set<Long> tails = new HashSet<>();
        List<UUID> ids = Stream.generate(() -> UUID.fromString(new TimeOrderedIdentifiers().generateIdentifier()))
                .limit(10_000)
                .toList();
        ids.forEach(id -> tails.add(id.getLeastSignificantBits()));
        assertThat(ids).noneMatch(id -> tails.contains(id.getLeastSignificantBits() + 1));
    }
}
