package io.farandole.axon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryPolicyTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10 attempts, first wait 100 ms, doubled up to 1 min, jitter 20 %",
                "5 attempts, each wait 2 s",
                "1 attempt, each wait 1500 ms, jitter 100 %",
                "1000000 attempts, first wait 90 s, doubled up to 168 h"
            })
    void givesItsSentenceBack(String sentence) {
        RetryPolicy policy = RetryPolicy.of(sentence);
        assertThat(policy.toString()).isEqualTo(sentence);
        assertThat(RetryPolicy.of(policy.toString())).isEqualTo(policy);
    }

    @Test
    void readsEachPart() {
        assertThat(RetryPolicy.of("10 attempts, first wait 100 ms, doubled up to 1 min, jitter 20 %"))
                .isEqualTo(new RetryPolicy(10, Duration.ofMillis(100), Duration.ofMinutes(1), 20))
                .isEqualTo(RetryPolicy.DEFAULT);
        assertThat(RetryPolicy.of("5 attempts, each wait 2 h"))
                .isEqualTo(new RetryPolicy(5, Duration.ofHours(2), Duration.ofHours(2), 0));
    }

    @Test
    void spaceIsFree() {
        assertThat(RetryPolicy.of("  3 attempts,first   wait 100ms ,\tdoubled up to 60s, jitter 5%  "))
                .hasToString("3 attempts, first wait 100 ms, doubled up to 1 min, jitter 5 %");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|a number of attempts|character 1,|its end",
                "ten attempts|a number of attempts|character 1,|\"ten attempts\"",
                "12345678901 attempts|a number of attempts|character 1,|\"12345678901 attempts\"",
                "10|\"attempts\"|character 3,|its end",
                "1 attempts, each wait 1 s|\"attempt\"|character 3,|\"attempts, each wait 1 s\"",
                "10 attempt, each wait 1 s|\"attempts\"|character 4,|\"attempt, each wait 1 s\"",
                "10 attempts|\",\"|character 12,|its end",
                "10 attempts, wait 1 s|\"first wait\" or \"each wait\"|character 14,|\"wait 1 s\"",
                "10 attempts, first wait 1 s|\",\"|character 28,|its end",
                "10 attempts, first wait 1 s, up to 1 min|\"doubled up to\"|character 30,|\"up to 1 min\"",
                "10 attempts, each wait 1|one of ms, s, min, h|character 25,|its end",
                "10 attempts, each wait 1 minute|one of ms, s, min, h|character 26,|\"minute\"",
                "10 attempts, each wait 1.5 s|one of ms, s, min, h|character 25,|\".5 s\"",
                "10 attempts, each wait 1 s, jitter 20|\"%\"|character 38,|its end",
                "10 attempts, each wait 1 s, jitter -1 %|a percentage|character 36,|\"-1 %\"",
                "10 attempts, each wait 1 s, jitter 20 %, please|the end|character 40,|\", please\""
            })
    void tellsWhatWasExpectedAndWhere(String sentence, String what, String where, String found) {
        assertThatThrownBy(() -> RetryPolicy.of(sentence))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("\"" + sentence + "\"")
                .hasMessageContaining("expected " + what)
                .hasMessageContaining(where)
                .hasMessageContaining("there is " + found)
                .hasMessageContaining("It reads like");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0 attempts, each wait 1 s",
                "2 attempts, each wait 0 ms",
                "2 attempts, each wait 169 h",
                "2 attempts, first wait 2 s, doubled up to 1 s",
                "2 attempts, each wait 1 s, jitter 101 %"
            })
    void refusesWhatMakesNoSense(String sentence) {
        assertThatThrownBy(() -> RetryPolicy.of(sentence))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(sentence)
                .hasMessageContaining("makes no sense");
    }

    @Test
    void waitsDoubleUpToTheLongest() {
        RetryPolicy policy = RetryPolicy.of("20 attempts, first wait 100 ms, doubled up to 1 s");
        assertThat(IntStream.of(1, 2, 3, 4, 5, 6, 1_000)
                        .mapToObj(attempts -> policy.waitAfter(attempts, "k"))
                        .map(Duration::toMillis))
                .containsExactly(100L, 200L, 400L, 800L, 1_000L, 1_000L, 1_000L);
        assertThat(RetryPolicy.of("3 attempts, first wait 100 h, doubled up to 168 h")
                        .waitAfter(30, "k"))
                .isEqualTo(Duration.ofDays(7));
    }

    @Test
    void parksAfterFortyToFiftySecondsByDefault() {
        for (int key = 0; key < 1_000; key++) {
            String process = "k-" + key;
            long millis = IntStream.range(1, RetryPolicy.DEFAULT.attempts())
                    .mapToLong(attempts ->
                            RetryPolicy.DEFAULT.waitAfter(attempts, process).toMillis())
                    .sum();
            assertThat(millis).isBetween(40_880L, 51_100L);
        }
    }

    @Test
    void jitterIsWithinItsBoundsAndSpreadsEvenly() {
        RetryPolicy policy = RetryPolicy.of("10 attempts, each wait 10 s, jitter 20 %");
        int[] tenths = new int[10];
        for (int key = 0; key < 10_000; key++) {
            long wait = policy.waitAfter(3, "order-" + key).toMillis();
            assertThat(wait).isBetween(8_000L, 10_000L);
            tenths[(int) Math.min(9, (wait - 8_000) / 200)]++;
        }
        assertThat(IntStream.of(tenths).boxed())
                .allSatisfy(count -> assertThat(count).isBetween(800, 1_200));
    }

    @Test
    void jitterOfTheSameProcessAndAttemptIsTheSameAndOfOthersIsNot() {
        RetryPolicy policy = RetryPolicy.of("10 attempts, each wait 10 min, jitter 100 %");
        assertThat(policy.waitAfter(1, "k")).isEqualTo(policy.waitAfter(1, "k")).isNotEqualTo(policy.waitAfter(2, "k"));
        assertThat(List.of("k-1", "k-2", "k-3", "a", "").stream()
                        .map(key -> policy.waitAfter(1, key))
                        .distinct())
                .hasSize(5);
        assertThat(policy.waitAfter(1, "k").toMillis()).isPositive();
    }
}
