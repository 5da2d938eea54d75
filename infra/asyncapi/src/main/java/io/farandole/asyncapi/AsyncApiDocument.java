package io.farandole.asyncapi;

import io.farandole.messaging.JsonCodec;
import io.farandole.messaging.command.Answer;
import io.farandole.messaging.command.RefusalReason;
import io.farandole.rabbitmq.CommandQueues;
import io.farandole.rabbitmq.TopologySpec;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * An AsyncAPI 3.0 document of a context's {@link Contract}: a channel per event and command with its exchange and routing key, an operation
 * for each that says what is guaranteed, the headers, and a JSON Schema of each body. It names no address of a broker: that is the
 * environment's. The same contract makes the same text.
 */
final class AsyncApiDocument {

    /** Of the AMQP 0-9-1 bindings. */
    private static final String BINDINGS = "0.3.0";

    private static final String REPLIES = "replies";
    private static final String EVENT_HEADERS = "farandole.event-headers";
    private static final String COMMAND_HEADERS = "farandole.command-headers";
    private static final String REPLY_HEADERS = "farandole.reply-headers";
    private static final String DONE = Answer.wireType(Answer.DONE);
    private static final String REFUSED = Answer.wireType(Answer.REFUSED);

    private static final JsonMapper JSON = new JsonCodec().mapper();

    private final Contract contract;
    private final PayloadSchemas payloads = new PayloadSchemas(JSON);
    private final ObjectNode channels = JSON.createObjectNode();
    private final ObjectNode operations = JSON.createObjectNode();
    private final ObjectNode messages = JSON.createObjectNode();

    private AsyncApiDocument(Contract contract) {
        this.contract = contract;
    }

    /**
     * The document.
     *
     * @param info title, version, description
     */
    static ObjectNode of(Contract contract, AsyncApiProperties info) {
        return new AsyncApiDocument(contract).write(info);
    }

    private ObjectNode write(AsyncApiProperties info) {
        contract.published().forEach(this::publishes);
        contract.followed().forEach(this::follows);
        contract.commands().forEach(this::accepts);
        if (!contract.commands().isEmpty()) {
            answers();
        }
        ObjectNode document = JSON.createObjectNode().put("asyncapi", "3.0.0");
        document.putObject("info")
                .put("title", info.titleOr(contract.context()))
                .put("version", info.version())
                .put("description", info.descriptionOr(contract.context()));
        document.put("defaultContentType", "application/json");
        document.set("channels", channels);
        document.set("operations", operations);
        ObjectNode components = document.putObject("components");
        components.set("messages", messages);
        components.set("schemas", schemas());
        return document;
    }

    private ObjectNode schemas() {
        ObjectNode schemas = JSON.createObjectNode();
        if (!contract.published().isEmpty() || !contract.followed().isEmpty()) {
            schemas.set(EVENT_HEADERS, eventHeaders());
        }
        if (!contract.commands().isEmpty()) {
            schemas.set(COMMAND_HEADERS, commandHeaders());
            schemas.set(REPLY_HEADERS, replyHeaders());
        }
        payloads.all().properties().forEach(entry -> schemas.set(entry.getKey(), entry.getValue()));
        return schemas;
    }

    private void publishes(Contract.Event event) {
        String type = event.type().wireType();
        eventChannel(event, contract.context());
        ObjectNode operation = operation("send", "publish." + type, type)
                .put("summary", "Publishes " + type)
                .put("description", "At least once, in order within a process key. " + followers(event.followers()));
        operation
                .putObject("bindings")
                .putObject("amqp")
                .put("deliveryMode", 2)
                .put("mandatory", true)
                .put("timestamp", true)
                .put("userId", contract.context())
                .put("bindingVersion", BINDINGS);
    }

    private static String followers(Set<String> followers) {
        return followers.isEmpty()
                ? "No context is declared to follow it."
                : "Followed by " + String.join(", ", new TreeSet<>(followers)) + ".";
    }

    private void follows(Contract.Event event) {
        String type = event.type().wireType();
        eventChannel(event, event.type().context());
        acknowledged(
                operation("receive", "follow." + type, type)
                        .put("summary", "Follows " + type)
                        .put(
                                "description",
                                "Through the queue " + TopologySpec.inboxOf(contract.context())
                                        + ". Stored before it is acknowledged; a repetition, known by source and id, has no effect."));
    }

    private void eventChannel(Contract.Event event, String source) {
        String type = event.type().wireType();
        channel(type, TopologySpec.exchangeOf(source), type);
        ObjectNode message = message(type, EVENT_HEADERS, type)
                .put("summary", "A fact that the context " + source + " has committed");
        message.putObject("correlationId").put("location", "$message.header#/farandole-correlation-id");
        Class<?> payload = event.payload();
        if (payload == null) {
            message.putObject("payload")
                    .put("type", "object")
                    .put("description", "An older version, which is read by an upcaster");
        } else {
            message.set("payload", payloads.referenceTo(payload));
        }
    }

    private void accepts(Contract.Command command) {
        String type = command.type().wireType();
        channel(type, new CommandQueues(contract.context()).commands(), type);
        message(type, COMMAND_HEADERS, type)
                .put("summary", "Asks the context " + contract.context() + " to do something")
                .put(
                        "description",
                        "AMQP properties: message_id (required, 1 to 255 bytes, by which a repetition is known), user_id (required),"
                                + " reply_to (the sender's name, or what begins with it and a dot), correlation_id, expiration;"
                                + " type, if it is there, is the routing key.")
                .set("payload", payloads.referenceTo(command.request()));
        ObjectNode operation = acknowledged(operation("receive", "accept." + type, type)
                .put("summary", "Carries out " + type)
                .put(
                        "description",
                        "At most once per sender and message_id, and answered at least once with the same bytes if there is a"
                                + " reply_to. Commands are not ordered among each other."));
        ObjectNode reply = operation.putObject("reply");
        reply.putObject("address")
                .put("location", "$message.header#/reply_to")
                .put("description", "The AMQP property reply_to of the command");
        reply.set("channel", reference("channels", REPLIES));
        ArrayNode answers = reply.putArray("messages");
        answers.add(reference("channels", REPLIES, "messages", DONE));
        answers.add(reference("channels", REPLIES, "messages", REFUSED));
    }

    private void answers() {
        ObjectNode channel = channel(REPLIES, new CommandQueues(contract.context()).replies(), null)
                .put("description", "Bind a queue of your own by the reply_to that you name in your commands.");
        ObjectNode told = channel.putObject("messages");
        told.set(DONE, reference("components", "messages", DONE));
        told.set(REFUSED, reference("components", "messages", REFUSED));
        String properties =
                "AMQP properties: message_id (the same whenever it is sent), correlation_id (the command's, or else its"
                        + " message_id).";
        ObjectNode done = answer(DONE, "The command was carried out", properties, Answer.DONE);
        done.putObject("result").put("description", "What the context tells of it; absent if that is nothing");
        ObjectNode refused =
                answer(REFUSED, "The command was not carried out, and will not be", properties, Answer.REFUSED);
        refused.putObject("reason")
                .put("type", "string")
                .put(
                        "description",
                        "One of "
                                + String.join(
                                        ", ",
                                        Stream.of(RefusalReason.values())
                                                .map(RefusalReason::code)
                                                .toList())
                                + "; or a reason of the context's own");
        refused.putObject("detail").put("type", "string");
        ObjectNode error = refused.putObject("errors")
                .put("type", "array")
                .putObject("items")
                .put("type", "object");
        ObjectNode parts = error.putObject("properties");
        parts.putObject("field").put("type", "string");
        parts.putObject("detail").put("type", "string");
        required(error, List.of("field", "detail"));
        ObjectNode payload = (ObjectNode) messages.path(REFUSED).path("payload");
        required(payload, List.of("command", "outcome", "reason", "detail"));
    }

    /** The properties of its body, for more of them. */
    private ObjectNode answer(String type, String summary, String description, String outcome) {
        ObjectNode payload = message(type, REPLY_HEADERS, type)
                .put("summary", summary)
                .put("description", description)
                .putObject("payload")
                .put("type", "object");
        ObjectNode properties = payload.putObject("properties");
        properties.putObject("command").put("type", "string").put("description", "The command's message_id");
        properties.putObject("outcome").put("const", outcome);
        required(payload, List.of("command", "outcome"));
        return properties;
    }

    /** {@code routingKey} is null where the sender of a command says it. */
    private ObjectNode channel(String name, String exchange, @Nullable String routingKey) {
        ObjectNode channel = channels.putObject(name);
        if (routingKey != null) {
            channel.put("address", routingKey);
            channel.putObject("messages").set(routingKey, reference("components", "messages", routingKey));
        }
        ObjectNode amqp = channel.putObject("bindings").putObject("amqp").put("is", "routingKey");
        amqp.putObject("exchange")
                .put("name", exchange)
                .put("type", "topic")
                .put("durable", true)
                .put("autoDelete", false);
        amqp.put("bindingVersion", BINDINGS);
        return channel;
    }

    private ObjectNode operation(String action, String name, String type) {
        ObjectNode operation = operations.putObject(name).put("action", action);
        operation.set("channel", reference("channels", type));
        operation.putArray("messages").add(reference("channels", type, "messages", type));
        return operation;
    }

    private static ObjectNode acknowledged(ObjectNode operation) {
        operation.putObject("bindings").putObject("amqp").put("ack", true).put("bindingVersion", BINDINGS);
        return operation;
    }

    private ObjectNode message(String name, String headers, String type) {
        ObjectNode message = messages.putObject(name).put("name", name).put("contentType", "application/json");
        message.set("headers", reference("components", "schemas", headers));
        message.putObject("bindings").putObject("amqp").put("messageType", type).put("bindingVersion", BINDINGS);
        return message;
    }

    private static ObjectNode reference(String... path) {
        return JSON.createObjectNode().put("$ref", "#/" + String.join("/", path));
    }

    private static ObjectNode eventHeaders() {
        ObjectNode schema = headers("CloudEvents 1.0 over AMQP, in binary mode, and what a choreography needs besides");
        ObjectNode properties = (ObjectNode) schema.path("properties");
        properties.putObject("cloudEvents:specversion").put("const", "1.0");
        text(properties, "cloudEvents:id", "Known once only, with the source");
        text(properties, "cloudEvents:source", "The context that has committed it");
        text(properties, "cloudEvents:type", "The wire type");
        text(properties, "cloudEvents:subject", "The aggregate");
        text(properties, "cloudEvents:time", "When it was committed").put("format", "date-time");
        properties.putObject("cloudEvents:datacontenttype").put("const", "application/json");
        text(properties, "farandole-process-key", "The process that it belongs to; within it, order is kept");
        properties
                .putObject("farandole-sequence")
                .put("type", "integer")
                .put("description", "Its place in the source's journal");
        text(properties, "farandole-correlation-id", "What the process began with");
        text(properties, "farandole-causation-id", "The message that caused it");
        text(properties, "farandole-key-id", "The key of the personal data in the body");
        traceparent(properties);
        required(
                schema,
                List.of(
                        "cloudEvents:specversion",
                        "cloudEvents:id",
                        "cloudEvents:source",
                        "cloudEvents:type",
                        "cloudEvents:time",
                        "cloudEvents:datacontenttype",
                        "farandole-process-key",
                        "farandole-sequence"));
        return schema;
    }

    private static ObjectNode commandHeaders() {
        ObjectNode schema = headers("All of them may be left out");
        ObjectNode properties = (ObjectNode) schema.path("properties");
        text(properties, "farandole-not-after", "After that the command is not carried out")
                .put("format", "date-time");
        traceparent(properties);
        return schema;
    }

    private static ObjectNode replyHeaders() {
        ObjectNode schema = headers("What was asked");
        text((ObjectNode) schema.path("properties"), "farandole-command-type", "The command's wire type");
        required(schema, List.of("farandole-command-type"));
        return schema;
    }

    private static ObjectNode headers(String description) {
        ObjectNode schema = JSON.createObjectNode().put("type", "object").put("description", description);
        schema.putObject("properties");
        return schema;
    }

    private static void traceparent(ObjectNode properties) {
        text(properties, "traceparent", "W3C Trace Context");
    }

    private static ObjectNode text(ObjectNode properties, String name, String description) {
        return properties.putObject(name).put("type", "string").put("description", description);
    }

    private static void required(ObjectNode schema, List<String> names) {
        ArrayNode required = schema.putArray("required");
        names.forEach(required::add);
    }
}
