package io.farandole.provider;

/** What a payment token makes the provider do. */
enum Behaviour {
    /** Everything works. */
    OK,
    /** The authorisation is declined. */
    DECLINED,
    /** Everything works, and each answer comes late: the effect is there before its answer. */
    SLOW,
    /**
     * Each operation fails twice under its key before it is answered: the first time without an effect, the second time
     * after it took effect, as when an answer is lost.
     */
    FLAKY,
    /** The provider is out of order: 503, and no effect, ever. */
    DOWN,
    /** Authorises, and refuses the capture. */
    CAPTURE_FAILS,
    /** Authorises; the capture answers 503 for ever, without an effect. */
    CAPTURE_DOWN,
    /** Not a token of this provider: declined. */
    UNKNOWN;

    static Behaviour of(String token) {
        return switch (token) {
            case "tok_ok" -> OK;
            case "tok_declined" -> DECLINED;
            case "tok_slow" -> SLOW;
            case "tok_flaky" -> FLAKY;
            case "tok_down" -> DOWN;
            case "tok_capture_fails" -> CAPTURE_FAILS;
            case "tok_capture_down" -> CAPTURE_DOWN;
            default -> UNKNOWN;
        };
    }
}
