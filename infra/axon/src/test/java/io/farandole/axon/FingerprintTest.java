package io.farandole.axon;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FingerprintTest {

    private static final StackTraceElement HANDLER = frame("shop.Charging", "on", 12);
    private static final StackTraceElement AXON = frame("org.axonframework.eventhandling.X", "handle", 3);

    @Test
    void isShortAndHexadecimal() {
        assertThat(Fingerprint.of(failure("a", HANDLER))).matches("[0-9a-f]{16}");
    }

    @Test
    void doesNotDependOnMessagesLinesAndFrameworks() {
        String one = Fingerprint.of(failure("order 1", HANDLER, AXON));
        assertThat(Fingerprint.of(failure("order 2", frame("shop.Charging", "on", 99), AXON, AXON)))
                .isEqualTo(one);
        assertThat(Fingerprint.of(failure(null, frame("java.util.Objects", "requireNonNull", 1), HANDLER)))
                .isEqualTo(one);
    }

    @Test
    void doesNotDependOnTheNumbersOfGeneratedClasses() {
        String one = Fingerprint.of(failure(
                "",
                frame("shop.Charging$$Lambda$14/0x0000000800c03000", "apply", -1),
                frame("shop.Charging", "lambda$on$3", 4),
                frame("shop.Charging$$SpringCGLIB$$0", "on", -1),
                frame("shop.$Proxy12", "on", -1)));
        assertThat(Fingerprint.of(failure(
                        "",
                        frame("shop.Charging$$Lambda/0x00007f1c4c0a1234", "apply", -1),
                        frame("shop.Charging", "lambda$on$7", 5),
                        frame("shop.Charging$$SpringCGLIB$$1", "on", -1),
                        frame("shop.$Proxy99", "on", -1))))
                .isEqualTo(one);
    }

    @Test
    void tellsClassesCausesAndPlacesApart() {
        String one = Fingerprint.of(failure("a", HANDLER));
        assertThat(Fingerprint.of(failure("a", frame("shop.Charging", "refund", 12))))
                .isNotEqualTo(one);
        assertThat(Fingerprint.of(new IllegalStateException(failure("a", HANDLER))))
                .isNotEqualTo(one);
        IllegalArgumentException other = new IllegalArgumentException("a");
        other.setStackTrace(new StackTraceElement[] {HANDLER});
        assertThat(Fingerprint.of(other)).isNotEqualTo(one);
    }

    @Test
    void endsForCausesThatGoInCirclesAndForDeepOnes() {
        IllegalStateException first = new IllegalStateException("first");
        IllegalStateException second = new IllegalStateException("second", first);
        first.initCause(second);
        assertThat(Fingerprint.of(first)).hasSize(16);
        Throwable deep = failure("root", HANDLER);
        for (int depth = 0; depth < 1_000; depth++) {
            deep = new IllegalStateException("level " + depth, deep);
        }
        assertThat(Fingerprint.of(deep)).hasSize(16);
    }

    @Test
    void isTheSameWhereverAStackOverflows() {
        StackOverflowError one = new StackOverflowError();
        one.setStackTrace(new StackTraceElement[] {frame("shop.A", "a", 1), frame("shop.B", "b", 1)});
        StackOverflowError two = new StackOverflowError();
        two.setStackTrace(new StackTraceElement[] {frame("shop.B", "b", 1), frame("shop.A", "a", 1)});
        assertThat(Fingerprint.of(one)).isEqualTo(Fingerprint.of(two));
    }

    @Test
    void takesWhatThereIsIfNothingIsOfTheApplication() {
        assertThat(Fingerprint.of(failure("a", AXON)))
                .isNotEqualTo(Fingerprint.of(failure("a", frame("java.lang.Thread", "run", 1))));
        assertThat(Fingerprint.of(failure("a"))).hasSize(16);
    }

    private static StackTraceElement frame(String type, String method, int line) {
        return new StackTraceElement(type, method, type + ".java", line);
    }

    private static IllegalStateException failure(@Nullable String message, StackTraceElement... frames) {
        IllegalStateException failure = new IllegalStateException(message);
        failure.setStackTrace(frames);
        return failure;
    }
}
