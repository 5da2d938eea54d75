package io.farandole.audit.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PointTest {

    @Test
    void aNumberIsASequence() {
        assertThat(Point.parse("12")).isEqualTo(new Point.Sequence(12));
    }

    @Test
    void anythingElseIsATimeWithItsZone() {
        Point time = new Point.Time(Instant.parse("2026-11-22T10:15:30Z"));
        assertThat(Point.parse("2026-11-22T10:15:30Z")).isEqualTo(time);
        assertThat(Point.parse("2026-11-22T11:15:30+01:00")).isEqualTo(time);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "yesterday", "2026-11-22", "2026-11-22T10:15:30", "99999999999999999999"})
    void whatIsNeitherIsRefused(String text) {
        assertThatThrownBy(() -> Point.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2026-11-22T10:15:30Z");
    }
}
