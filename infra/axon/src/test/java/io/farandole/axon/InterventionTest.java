package io.farandole.axon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InterventionTest {

    @Test
    void wantsAnEventAnActorAndAReason() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> intervention(" ", "anna", "why"))
                .withMessageContaining("name the failed event");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> intervention("e", "", "why"))
                .withMessageContaining("by must not be blank");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> intervention("e", "anna", "\t\n"))
                .withMessageContaining("reason must not be blank");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> intervention("e", "a".repeat(201), "why"))
                .withMessageContaining("200");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> intervention("e", "anna", "w".repeat(2_001)))
                .withMessageContaining("2000");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> intervention("e", "anna", "w\0y"))
                .withMessageContaining("NUL");
        assertThat(intervention("e", "a".repeat(200), "w".repeat(2_000)).by()).hasSize(200);
    }

    @Test
    void keepsWhoAndWhyToItself() {
        assertThat(intervention("e", "anna", "grandmother called").toString())
                .doesNotContain("anna")
                .doesNotContain("grandmother");
        assertThat(new GroupRetryRequest("p", null, 1, 1, "anna", "grandmother called").toString())
                .doesNotContain("anna")
                .doesNotContain("grandmother");
    }

    @Test
    void aGroupIsNamedAndItsNumbersAreInRange() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new GroupRetryRequest(null, null, 1, 1, "anna", "why"))
                .withMessageContaining("a processor, a fingerprint, or both");
        assertThatIllegalArgumentException().isThrownBy(() -> new GroupRetryRequest("p", null, 0, 1, "anna", "why"));
        assertThatIllegalArgumentException().isThrownBy(() -> new GroupRetryRequest("p", null, 1, 0, "anna", "why"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new GroupRetryRequest("p", null, 1, 1_001, "anna", "why"));
        assertThatIllegalArgumentException().isThrownBy(() -> new GroupRetryRequest("p", null, 1, 1, "anna", ""));
        assertThatIllegalArgumentException().isThrownBy(() -> new GroupRetryRequest("p\0", null, 1, 1, "anna", "why"));
    }

    @Test
    void pagesAreBounded() {
        assertThatIllegalArgumentException().isThrownBy(() -> ParkedQuery.ALL.withLimit(0));
        assertThatIllegalArgumentException().isThrownBy(() -> ParkedQuery.ALL.withLimit(1_001));
        assertThatIllegalArgumentException().isThrownBy(() -> ParkedQuery.ALL.withMinimumAge(Duration.ofSeconds(-1)));
    }

    @Test
    void aCursorSurvivesTheWayThroughAUrl() {
        ParkedCursor cursor = new ParkedCursor(
                Instant.parse("2026-11-22T01:02:03.123456Z"), "p/q", "\uD83D\uDC83 a=b&c \"d\" %\n" + "x".repeat(500));
        assertThat(cursor.toString()).matches("[A-Za-z0-9_-]+");
        assertThat(ParkedCursor.parse(cursor.toString())).isEqualTo(cursor);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nonsense", "!", "AAAA", "eAB5AHo"})
    void refusesWhatIsNoCursor(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ParkedCursor.parse(text))
                .withMessageContaining("does not come from a page");
    }

    private static Intervention intervention(String event, String by, String reason) {
        return new Intervention("p", "k", event, Decision.SKIP, by, reason);
    }
}
