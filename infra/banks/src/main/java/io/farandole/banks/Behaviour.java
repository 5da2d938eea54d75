package io.farandole.banks;

import java.util.Locale;

/** What an account makes its bank do, by what its number begins with. */
enum Behaviour {
    /** Everything works. */
    FINE(""),
    /** A payment is answered 503 for ever, without an effect; a reversal is answered. */
    DOWN("down-"),
    /** The first answer to a payment comes late: its effect is there before. */
    SLOW("slow-"),
    /** Payment and reversal fail every other time, with 503 and without an effect; the first time they fail. */
    FLAKY("flaky-"),
    /** A payment is refused. */
    REFUSE("refuse-"),
    /** After payment and reversal, the connection is closed before the answer; a repetition is answered. */
    DIE("die-"),
    /** A payment is answered 200 with a page of HTML for ever, without an effect; a reversal is answered. */
    NONSENSE("nonsense-"),
    /** The payment takes effect and is answered with a page of HTML; a repetition is answered as it should be. */
    GARBLE("garble-"),
    /** A payment is refused, for the account is closed. */
    CLOSED("closed-"),
    /** The account takes one payment and is closed with it: its reversal is refused. */
    CLOSE("close-"),
    /** Payments work; a reversal is answered 503 for ever, without an effect. */
    KEEP("keep-"),
    /** The employee spends half of each payment as it comes: its reversal is refused for want of the rest. */
    SPEND("spend-");

    private final String prefix;

    Behaviour(String prefix) {
        this.prefix = prefix;
    }

    String prefix() {
        return prefix;
    }

    static Behaviour of(String account) {
        String lower = account.toLowerCase(Locale.ROOT);
        for (Behaviour behaviour : values()) {
            if (behaviour != FINE && lower.startsWith(behaviour.prefix)) {
                return behaviour;
            }
        }
        return FINE;
    }
}
