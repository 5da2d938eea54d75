package io.farandole.messaging.command;

import io.farandole.messaging.JsonCodec;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.util.RawValue;

/**
 * An answer as it is kept and sent.
 *
 * @param id follows from sender and command, so that it is the same whenever it is sent
 * @param outcome {@link #DONE} or {@link #REFUSED}
 * @param reason of a refusal; empty otherwise
 * @param body JSON
 */
public record Answer(String id, String outcome, String reason, String body) {

    /** It was carried out. */
    public static final String DONE = "done";

    /** It was not, for good. */
    public static final String REFUSED = "refused";

    private static final JsonMapper JSON = new JsonCodec().mapper();

    /** The wire type of an answer with that outcome, {@code farandole.command-done.v1}. */
    public static String wireType(String outcome) {
        return "farandole.command-" + outcome + ".v1";
    }

    /** {@code {"command":…,"outcome":"done","result":…}}; without {@code result}, which is JSON, if there is none. */
    public static Answer done(String sender, String commandId, @Nullable String result) {
        ObjectNode body = start(commandId, DONE);
        if (result != null) {
            body.putRawValue("result", new RawValue(result));
        }
        return new Answer(id(sender, commandId), DONE, "", JSON.writeValueAsString(body));
    }

    /** {@code {"command":…,"outcome":"refused","reason":…,"detail":…}}, with {@code errors} if there are any. */
    public static Answer refused(String sender, String commandId, CommandOutcome.Refused refusal) {
        return withId(id(sender, commandId), commandId, refusal);
    }

    /** Another command came under a known id: its refusal has an id of its own, beside the answer of the first. */
    public static Answer reused(String sender, String commandId, String fingerprint) {
        return withId(
                id(sender, commandId + '\n' + fingerprint),
                commandId,
                CommandOutcome.Refused.of(
                        RefusalReason.ID_REUSED,
                        "Another command was sent under this id before; take a new id for a new command"));
    }

    private static Answer withId(String id, String commandId, CommandOutcome.Refused refusal) {
        ObjectNode body =
                start(commandId, REFUSED).put("reason", refusal.reason()).put("detail", refusal.detail());
        if (!refusal.errors().isEmpty()) {
            ArrayNode errors = body.putArray("errors");
            refusal.errors()
                    .forEach(error ->
                            errors.addObject().put("field", error.field()).put("detail", error.detail()));
        }
        return new Answer(id, REFUSED, refusal.reason(), JSON.writeValueAsString(body));
    }

    private static ObjectNode start(String commandId, String outcome) {
        return JSON.createObjectNode().put("command", commandId).put("outcome", outcome);
    }

    private static String id(String sender, String commandId) {
        return UUID.nameUUIDFromBytes((sender + '\n' + commandId).getBytes(StandardCharsets.UTF_8))
                .toString();
    }

    /** Without body: it may hold personal data. */
    @Override
    public String toString() {
        return "Answer[" + id + ", " + outcome + " " + reason + "]";
    }
}
