package io.farandole.messaging.command;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A command as it came, or what was recognised of it where it is refused already.
 *
 * @param sender the user that the broker vouches for; empty if there is none
 * @param id by which the sender repeats it
 * @param type the wire type; as it came, if it is refused
 * @param fingerprint of type and body: the same id with another one is another command
 * @param body JSON; null where it is refused
 * @param replyTo where the answer goes; null for nowhere
 * @param correlationId what the answer repeats; null for the id
 * @param traceparent W3C trace context
 * @param notAfter after this it is not carried out; null for no limit
 * @param refused why it is not even tried; null if it is
 */
public record ReceivedCommand(
        String sender,
        String id,
        String type,
        String fingerprint,
        @Nullable String body,
        @Nullable String replyTo,
        @Nullable String correlationId,
        @Nullable String traceparent,
        @Nullable Instant notAfter,
        CommandOutcome.@Nullable Refused refused) {

    /** Why it is not even tried. */
    public Optional<CommandOutcome.Refused> refusal() {
        return Optional.ofNullable(refused);
    }

    /** Without body: it may hold personal data. */
    @Override
    public String toString() {
        return "ReceivedCommand[" + type + " " + id + " of " + sender + "]";
    }
}
