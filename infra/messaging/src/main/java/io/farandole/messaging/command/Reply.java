package io.farandole.messaging.command;

/**
 * An answer to send.
 *
 * @param position in the queue of replies
 * @param id of the answer: the same whenever it is sent
 * @param replyTo routing key
 * @param correlationId as the sender gave it with the command, or the command's id
 * @param commandType wire type of the command
 * @param outcome {@code done} or {@code refused}
 * @param body JSON: the same whenever it is sent
 */
public record Reply(
        long position,
        String id,
        String replyTo,
        String correlationId,
        String commandType,
        String outcome,
        String body) {

    /** Without body: it may hold personal data. */
    @Override
    public String toString() {
        return "Reply[" + id + " to " + replyTo + ", " + outcome + "]";
    }
}
