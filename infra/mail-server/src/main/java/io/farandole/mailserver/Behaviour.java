package io.farandole.mailserver;

import java.util.Locale;

/** What an address makes the server do; by how its local part begins. */
public enum Behaviour {
    /** The mail is accepted. */
    OK(""),
    /** The mailbox is busy, for ever: 451 at RCPT. */
    BUSY("busy-"),
    /** 451 at RCPT the first two times, then accepted, as greylisting does. */
    GREYLISTED("grey-"),
    /** There is no such mailbox: 550 5.1.1 at RCPT. */
    UNKNOWN("unknown-"),
    /** This server may not relay there: 550 5.7.1 at RCPT, which says nothing of the address. */
    RELAY_DENIED("relay-"),
    /** The content is refused: 554 5.7.0 after DATA. */
    SPAM("spam-"),
    /** The mail is accepted, and the answer comes late. */
    SLOW("slow-"),
    /** The first time the mail is accepted and the connection closed before the answer; then accepted again. */
    CUT("cut-");

    private final String prefix;

    Behaviour(String prefix) {
        this.prefix = prefix;
    }

    /** That of an address. */
    public static Behaviour of(String address) {
        String local = address.toLowerCase(Locale.ROOT);
        for (Behaviour behaviour : values()) {
            if (behaviour != OK && local.startsWith(behaviour.prefix)) {
                return behaviour;
            }
        }
        return OK;
    }
}
