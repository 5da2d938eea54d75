package io.farandole.messaging.command;

import java.util.Locale;

/** Why the framework refuses a command. The codes are stable; contexts add reasons of their own. */
public enum RefusalReason {
    /** The broker does not vouch for a sender. Nobody is answered: whose queue would it be? */
    MISSING_USER_ID,
    /** {@code reply_to} does not belong to the sender. Nobody is answered. */
    FOREIGN_REPLY_TO,
    /** {@code message_id} is not there: a repetition could not be told from a second command. */
    MISSING_ID,
    /** A property or header is too long, is not text, or does not mean anything. */
    MALFORMED_HEADER,
    /** The context accepts no command of this type. */
    UNKNOWN_TYPE,
    /** Property {@code type} and routing key differ: the broker has looked at the routing key only. */
    TYPE_MISMATCH,
    /** Not {@code application/json}, or compressed. */
    UNSUPPORTED_CONTENT,
    /** The body is longer than the context reads. */
    BODY_TOO_LONG,
    /** The body is not one JSON object in UTF-8. */
    MALFORMED_JSON,
    /** The JSON is not a valid request; {@code errors} says where. */
    INVALID,
    /** The sender has used the id before, for something else. That one's answer stands. */
    ID_REUSED,
    /** The time limit passed before the command was carried out. */
    TIME_LIMIT_PASSED,
    /** The broker gave up delivering it, for another reason than its time limit. */
    UNDELIVERABLE,
    /** It failed as often as it is tried. It was not carried out, and will not be. */
    FAILED;

    /** As on the wire, {@code unknown-type}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
